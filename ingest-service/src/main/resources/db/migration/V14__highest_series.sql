-- Series may be removed while blocks still have samples of them: their numbers must not be given to
-- other series by a start that finds only the rows that are left.
alter table log_state add column highest_series bigint not null default 0;
