-- Where each incident's escalation stands; due_at is its timer.
create table escalation (
  incident_id uuid primary key references incident (id),
  policy text not null,
  state text not null check (state in ('WAITING', 'ACKNOWLEDGED', 'EXHAUSTED', 'STOPPED')),
  -- The step to do next, and how often all were done.
  step int not null check (step >= 0),
  round int not null check (round >= 0),
  due_at timestamptz,
  -- Whether it was said that it is muted.
  muted boolean not null default false,
  -- Whether anybody was told, or was to be told, by it.
  begun boolean not null default false
);
create index escalation_due on escalation (due_at) where due_at is not null;

alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check
  check (kind in ('OPENED', 'EDIT', 'RESOLVED', 'ESCALATION'));
