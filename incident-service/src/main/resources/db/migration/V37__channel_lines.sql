-- What stands first in the line of a channel is looked for with each step of an escalation.
create index notification_line on notification (channel, seq) where state in ('WAITING', 'SENDING');
drop index notification_waiting;
