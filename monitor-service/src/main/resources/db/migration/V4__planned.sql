-- The services that a public incident touches, names, one a line; empty where an earlier version kept it.
alter table public_incident add column services text not null default '';
