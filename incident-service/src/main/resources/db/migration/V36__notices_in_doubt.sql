-- Whether an attempt ended without an answer, so that the channel may have the message although we
-- never heard so. What is in doubt is not renewed any more: where the channel has it, a second post
-- with the same key changes nothing, and the news would be told to nobody. So one of these may wait
-- beside the one that tells the newest news.
alter table notification add column may_have_arrived boolean not null default false;
drop index notification_worse;
create unique index notification_worse on notification (incident_id, channel)
  where kind = 'WORSE' and state = 'WAITING' and not may_have_arrived;
drop index notification_escalation;
create unique index notification_escalation on notification (incident_id, channel)
  where kind = 'ESCALATION' and state = 'WAITING' and not may_have_arrived;
