-- Since when each component of the status page is what it is; never UNKNOWN.
create table component_change (
  component text primary key,
  status text not null,
  since integer not null
) strict, without rowid;
