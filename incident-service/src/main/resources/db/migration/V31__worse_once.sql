-- That an incident is worse waits once for a channel: while it could not be called, each rise and
-- relapse added a message, and all of them were sent, with a mention, once it answered.
update notification earlier
set state = 'SKIPPED', why = 'a later one that waits says it', due_at = null, done_at = now()
where earlier.kind = 'WORSE' and earlier.state = 'WAITING' and exists (
  select 1 from notification later
  where later.incident_id = earlier.incident_id and later.channel = earlier.channel
    and later.kind = 'WORSE' and later.state = 'WAITING' and later.seq > earlier.seq);
create unique index notification_worse on notification (incident_id, channel)
  where kind = 'WORSE' and state = 'WAITING';
