-- A message of its own that an incident is worse or other than was told, or back.
alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check
  check (kind in ('OPENED', 'EDIT', 'RESOLVED', 'ESCALATION', 'WORSE', 'TEST'));
