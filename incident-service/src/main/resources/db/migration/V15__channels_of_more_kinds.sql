-- One delivery for channels of all kinds.
update outbox set topic = 'notify' where topic = 'notify.discord' and state <> 'DONE';

alter table notification alter column incident_id drop not null;
-- What went wrong at the last attempt that failed; 'why' is about the state that it is in.
alter table notification add column last_error text;

alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check
  check (kind in ('OPENED', 'EDIT', 'RESOLVED', 'ESCALATION', 'TEST'));
-- Only a message that tries a channel out is about no incident.
alter table notification add constraint notification_incident_check
  check (incident_id is not null or kind = 'TEST');
alter table notification drop constraint notification_state_check;
alter table notification add constraint notification_state_check
  check (state in ('WAITING', 'SENDING', 'SENT', 'FAILED', 'SKIPPED', 'DROPPED'));
