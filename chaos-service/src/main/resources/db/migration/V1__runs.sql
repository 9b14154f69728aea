create table runs (
  id uuid primary key,
  state text not null,
  target text not null,
  env text not null,
  started_at timestamptz not null,
  run jsonb not null
);

create index runs_newest on runs (started_at desc);

-- One run at a time on one target: two faults at once could not be told apart, nor stopped apart.
create unique index runs_one_active on runs (target, env) where state in ('STARTING', 'RUNNING', 'STOPPING');
