-- An escalation waits once for a channel, as the news that it is worse do: while it could not be
-- called, each step added a message, and all of them were sent, with a mention, once it answered.
update notification earlier
set state = 'SKIPPED', why = 'a later one that waits says it', due_at = null, done_at = now()
where earlier.kind = 'ESCALATION' and earlier.state = 'WAITING' and exists (
  select 1 from notification later
  where later.incident_id = earlier.incident_id and later.channel = earlier.channel
    and later.kind = 'ESCALATION' and later.state = 'WAITING' and later.seq > earlier.seq);
create unique index notification_escalation on notification (incident_id, channel)
  where kind = 'ESCALATION' and state = 'WAITING';
