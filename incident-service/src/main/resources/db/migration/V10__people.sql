-- Who works on an incident, what is to be done, what the public is told; and who says how bad it is.
alter table incident add column severity_by text not null default 'rule';
-- When its flapping signals count as calm again; null while none flaps.
alter table incident add column calm_at timestamptz;
create index incident_calm on incident (calm_at) where calm_at is not null;

-- Not valid: an older version may have stored an end before the mitigation, by a clock set back, and such
-- rows are immutable. Every new row is checked.
alter table incident add constraint incident_ends_after_mitigation
  check (resolved_at >= mitigated_at) not valid;
alter table incident add constraint incident_mitigated_has_time
  check (state <> 'MITIGATED' or mitigated_at is not null) not valid;
alter table incident_signal add constraint incident_signal_ends_after_begin
  check (cleared_at >= fired_at) not valid;
create index incident_signal_service on incident_signal (service);

create table incident_responder (
  incident_id uuid not null references incident (id),
  name text not null check (length(name) between 1 and 200),
  role text not null check (role in ('INCIDENT_COMMANDER', 'SCRIBE', 'RESPONDER')),
  since timestamptz not null,
  primary key (incident_id, name)
);
create unique index incident_one_commander on incident_responder (incident_id)
  where role = 'INCIDENT_COMMANDER';

create table incident_task (
  id uuid primary key,
  seq bigint generated always as identity unique,
  incident_id uuid not null references incident (id),
  text text not null check (length(text) between 1 and 1000),
  assignee text,
  state text not null check (state in ('OPEN', 'DONE', 'CANCELLED')),
  created_by text not null,
  created_at timestamptz not null,
  done_at timestamptz check (done_at >= created_at),
  check ((state = 'OPEN') = (done_at is null))
);
create index incident_task_of_incident on incident_task (incident_id, seq);

create function refuse_part_of_resolved() returns trigger language plpgsql as $$
begin
  if exists (select 1 from incident i
             where i.id = coalesce(new.incident_id, old.incident_id) and i.state = 'RESOLVED') then
    raise exception 'the incident is resolved: its responders and tasks do not change any more'
      using errcode = 'restrict_violation';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger incident_responder_immutable before insert or update or delete on incident_responder
  for each row execute function refuse_part_of_resolved();
create trigger incident_task_immutable before insert or update or delete on incident_task
  for each row execute function refuse_part_of_resolved();

-- Updates for the status page. What was published stays as it was told.
create table status_update (
  id uuid primary key,
  seq bigint generated always as identity unique,
  incident_id uuid not null references incident (id),
  status text not null check (status in ('investigating', 'identified', 'monitoring', 'resolved')),
  body text not null check (length(body) between 1 and 4000),
  state text not null check (state in ('DRAFT', 'PUBLISHED', 'DISCARDED')),
  author text not null,
  created_at timestamptz not null,
  published_at timestamptz check (published_at >= created_at),
  check ((state = 'PUBLISHED') = (published_at is not null))
);
create index status_update_of_incident on status_update (incident_id, seq);

create function refuse_change_of_told() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'DRAFT' then
    raise exception 'a status update that was published or discarded does not change any more'
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger status_update_immutable before update or delete on status_update
  for each row execute function refuse_change_of_told();
