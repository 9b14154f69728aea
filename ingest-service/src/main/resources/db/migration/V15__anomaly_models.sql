-- What detection has learnt of a service's golden signals, so that a restart does not forget it: days
-- and weeks of it cannot be read back from samples.
create table anomaly_model (
  service text not null,
  env text not null,
  -- Event time of the last step that was learnt, in milliseconds since the epoch.
  last_step bigint not null,
  -- Deflated; its first number says in which format.
  state bytea not null,
  primary key (service, env)
);
-- It is deflated already.
alter table anomaly_model alter column state set storage external;
