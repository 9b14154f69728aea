-- Incidents that no route takes are looked at again and again while they last.
create index notification_unrouted on notification (seq) where channel = 'no route';
