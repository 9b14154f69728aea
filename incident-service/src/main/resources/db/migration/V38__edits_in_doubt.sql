-- An edit is a message of its own but where there are cards: one that may have arrived must not tell
-- other news at the next attempt, under an identity that its receiver has seen. They wait behind it.
drop index notification_edit;
create unique index notification_edit on notification (incident_id, channel)
  where kind = 'EDIT' and state = 'WAITING' and not may_have_arrived;
