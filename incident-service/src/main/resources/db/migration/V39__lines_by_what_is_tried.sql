-- What is tried of the line of a channel is looked for with each step of an escalation. It is not the one
-- with the lowest number: what people asked for again keeps its number and stands at the end.
create index notification_tried on notification
  (channel, (state = 'SENDING') desc, due_at desc nulls last, seq)
  where state in ('WAITING', 'SENDING');
drop index notification_line;
