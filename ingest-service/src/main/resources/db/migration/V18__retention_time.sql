-- What time it was when retention ran last: a start that finds samples of a clock that is ahead must
-- not take theirs for the time. 0 where it never ran.
alter table log_state add column retention_millis bigint not null default 0;
