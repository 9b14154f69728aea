-- When each service was last heard, so that a start knows those too of which nothing is in memory any
-- more: a no-data rule waits for them, and what fires on them ends. Milliseconds since the epoch.
create table service_heard (
  service text not null,
  env text not null,
  -- Time of the newest sample.
  event_millis bigint not null,
  -- When a sample came last, and one that it sent itself; 0 for never.
  arrived_millis bigint not null,
  sent_millis bigint not null,
  primary key (service, env)
);
