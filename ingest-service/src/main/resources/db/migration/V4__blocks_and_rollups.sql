-- Chunks of up to 32 series with neighbouring numbers share a row, because a row of its own costs
-- more than what many a chunk holds. The data: one byte for the form (0 as it is, 1 deflated), then
-- for each chunk its series, min_ts, max_ts (8 bytes each), samples, length (4 bytes each), bytes.
create table block (
  -- Number of the series divided by 32.
  block bigint not null,
  min_ts bigint not null,
  max_ts bigint not null,
  position bigint not null,
  samples integer not null,
  data bytea not null
) partition by range (max_ts);
create index block_block on block (block, max_ts);
alter table block alter column data set storage external;

-- Minimum, maximum, sum, count and last of each minute and each hour, in the same form; a chunk here
-- is a run of such buckets. A bucket that was sealed in parts stands in several rows: reading adds
-- them up.
create table rollup_minute (like block) partition by range (max_ts);
create index rollup_minute_block on rollup_minute (block, max_ts);
alter table rollup_minute alter column data set storage external;
create table rollup_hour (like block) partition by range (max_ts);
create index rollup_hour_block on rollup_hour (block, max_ts);
alter table rollup_hour alter column data set storage external;

-- Up to which time parts of each tier were dropped: from there on it is read.
create table dropped (
  tier text primary key,
  through bigint not null
);

-- The day since 1970 of the newest sealed sample, so that series with nothing left can be removed.
alter table series add column last_day integer not null default 0;
update series set last_day = extract(epoch from now())::bigint / 86400;

-- What was stored one row a chunk becomes blocks of one chunk.
do $$
declare
  part record;
  first bigint;
begin
  for part in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'chunk'::regclass
  loop
    first := (to_date(right(part.relname, 8), 'YYYYMMDD') - date '1970-01-01') * 86400000::bigint;
    execute format(
      'create table %I partition of block for values from (%s) to (%s)',
      'block_' || right(part.relname, 8), first, first + 86400000);
  end loop;
end $$;
insert into block (block, min_ts, max_ts, position, samples, data)
select series_id >> 5, min_ts, max_ts, position, samples,
  '\x00'::bytea || int8send(series_id) || int8send(min_ts) || int8send(max_ts)
    || int4send(samples) || int4send(length(data)) || data
from chunk;
drop table chunk;
