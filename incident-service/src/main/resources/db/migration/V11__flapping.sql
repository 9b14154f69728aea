-- A signal that fires and clears again and again; incident.calm_at is the timer.
alter table incident_signal add column flapping boolean not null default false;

-- How many alerts of a group Alertmanager has left out at most, as far as the timeline says it.
create table alert_truncation (
  incident_id uuid not null references incident (id),
  alert_group text not null,
  most bigint not null check (most > 0),
  primary key (incident_id, alert_group)
);
