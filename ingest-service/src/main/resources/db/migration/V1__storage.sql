-- Requests whose samples are acknowledged but not sealed into chunks yet. Two segments take turns:
-- while one is written, the other, once sealed, is emptied by TRUNCATE at no cost.
create table write_log (
  position bigint not null,
  segment smallint not null,
  format smallint not null,
  samples integer not null,
  body bytea not null,
  primary key (segment, position)
) partition by list (segment);
create table write_log_0 partition of write_log for values in (0);
create table write_log_1 partition of write_log for values in (1);
-- Bodies are compressed already.
alter table write_log_0 alter column body set storage external;
alter table write_log_1 alter column body set storage external;

-- One row: everything up to sealed_through is in chunks.
create table log_state (
  one boolean primary key default true check (one),
  sealed_through bigint not null
);
insert into log_state (sealed_through) values (0);

-- One row: which opening of storage may write; see PgFence.
create table log_owner (
  one boolean primary key default true check (one),
  epoch bigint not null
);
insert into log_owner (epoch) values (0);

-- Labels as name, value, name, value …, sorted by name.
create table series (
  id bigint primary key,
  labels text[] not null
);

-- Compressed samples of one series. Partitions are days of max_ts; retention drops them whole.
create table chunk (
  series_id bigint not null,
  min_ts bigint not null,
  max_ts bigint not null,
  position bigint not null,
  samples integer not null,
  data bytea not null
) partition by range (max_ts);
create index chunk_series on chunk (series_id, max_ts);
