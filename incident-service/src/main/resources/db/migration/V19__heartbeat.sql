-- For which time the latest test message of notifications.heartbeat was sent.
create table heartbeat (
  one boolean primary key check (one),
  slot timestamptz not null
);
