-- A body is cut into parts that fit a page each: a row beside the others costs less than the forty
-- rows, each with an entry in an index, into which PostgreSQL itself would cut it.
alter table write_log add column part smallint not null default 0;
alter table write_log drop constraint write_log_pkey;
alter table write_log add primary key (segment, position, part);
alter table write_log_0 alter column body set storage plain;
alter table write_log_1 alter column body set storage plain;
