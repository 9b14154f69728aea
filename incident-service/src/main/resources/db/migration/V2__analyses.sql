-- The analyses that came in; the id is the sender's idempotency key.
create table analysis (
  id uuid primary key,
  incident_id uuid not null references incident (id),
  received_at timestamptz not null,
  body jsonb not null
);
create index analysis_of_incident on analysis (incident_id, received_at desc);
