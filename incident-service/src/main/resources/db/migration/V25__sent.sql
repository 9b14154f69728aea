-- How the last message to a channel went.
create index notification_sent on notification (channel, seq) where state = 'SENT';
