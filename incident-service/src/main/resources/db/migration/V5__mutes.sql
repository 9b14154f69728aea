-- Silences and maintenance windows. They mute pages, never records.
create table mute_rule (
  id uuid primary key,
  seq bigint generated always as identity unique,
  kind text not null check (kind in ('SILENCE', 'MAINTENANCE')),
  matchers jsonb not null,
  author text not null,
  reason text not null,
  starts_at timestamptz not null,
  -- Null only for what recurs without an end.
  ends_at timestamptz,
  -- What recurs: on which days, at which wall-clock time of which zone, for how long.
  zone text,
  days text,
  at_time text,
  length_seconds bigint check (length_seconds > 0),
  created_at timestamptz not null,
  -- Ended by a person before its time.
  ended_at timestamptz,
  ended_by text,
  check (ends_at is null or ends_at > starts_at),
  check ((zone is null) = (at_time is null) and (zone is null) = (length_seconds is null)),
  check (zone is not null or ends_at is not null)
);
create index mute_rule_current on mute_rule (ends_at) where ended_at is null;

-- Incidents that nobody was told of yet, because they are muted. A row goes when people are told after
-- all, or when the incident is over.
create table incident_mute (
  incident_id uuid primary key references incident (id),
  kind text not null check (kind in ('SILENCE', 'MAINTENANCE', 'INHIBITION')),
  cause text not null,
  why text not null,
  until timestamptz,
  since timestamptz not null
);
