-- Breaches that have been told and are not over, so that a restart neither tells them again nor
-- forgets to say that they are over.
create table firing (
  fingerprint text primary key,
  signal_id uuid not null,
  signal jsonb not null,
  -- Name, value, name, value …
  labels text[] not null
);
