-- How late samples may be since storage was opened last, and the most that was so for any of those
-- in the log: they are played again by that, so that a shorter window takes none of them away.
alter table log_state add column window_millis bigint not null default 0;
alter table log_state add column log_window_millis bigint not null default 0;
