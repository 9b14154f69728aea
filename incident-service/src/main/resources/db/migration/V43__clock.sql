-- The latest time that was seen by the database's clock: if it has not come yet, the clock was put
-- back, and every timer would be late by the step.
create table clock (
  one boolean primary key default true check (one),
  seen_at timestamptz not null
);
insert into clock (seen_at) values (clock_timestamp());
