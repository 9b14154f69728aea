-- Change events: deployments, configuration changes, chaos runs, annotations.
create table event (
  source text not null,
  id text not null,
  type text not null,
  service text,
  env text,
  time timestamptz not null,
  summary text not null,
  data jsonb not null,
  run_id text,
  blind boolean not null,
  received_at timestamptz not null,
  primary key (source, id)
);
create index event_time on event (time);
create index event_run on event (run_id) where run_id is not null;
