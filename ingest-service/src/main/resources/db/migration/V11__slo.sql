-- Good and all events of an SLO, an hour a row: its buckets in order. They outlive the samples that
-- they were counted from.
create table slo_hour (
  slo text not null,
  -- Hours since the epoch.
  hour bigint not null,
  -- What was counted: a row counted in another way is worthless.
  expression text not null,
  good double precision[] not null,
  total double precision[] not null,
  primary key (slo, hour)
);
