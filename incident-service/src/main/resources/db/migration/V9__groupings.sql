-- Incidents that people merged into another one, or split off one.
create table incident_grouping (
  incident_id uuid primary key references incident (id),
  kind text not null check (kind in ('MERGED_INTO', 'SPLIT_FROM')),
  other_id uuid not null references incident (id),
  at timestamptz not null,
  check (incident_id <> other_id)
);
