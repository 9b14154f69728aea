-- The change events on each incident's timeline; source and id are an event's identity.
create table incident_change (
  incident_id uuid not null references incident (id),
  source text not null,
  event_id text not null,
  primary key (incident_id, source, event_id)
);
