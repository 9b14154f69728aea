-- The latest time by the clock of ours that sets the timers: the database's may be put back alone,
-- and timers of before the step lie after it.
alter table clock add column ours timestamptz;
