-- The latest times that were seen by the database's clock and by that of ours which sets the timers:
-- where both have not come yet, the clock was put back, and every timer would be late by the step.
create table clock (
  one boolean primary key default true check (one),
  seen_at timestamptz not null,
  ours timestamptz
);
insert into clock (seen_at) values (clock_timestamp());
