-- Whether the components of a public incident work again, be that published or not.
alter table public_incident add column over integer not null default 0;
update public_incident set over = 1 where status in ('MONITORING', 'RESOLVED');
