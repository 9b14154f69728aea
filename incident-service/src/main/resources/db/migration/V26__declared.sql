-- Which incidents people declared: no policy says that those are over.
alter table incident add column declared boolean not null default false;
update incident i set declared = true
where i.state <> 'RESOLVED' and exists (
  select 1 from timeline_entry e
  where e.incident_id = i.id and e.seq = 1 and e.kind = 'ANNOTATION'
    and e.data::jsonb ->> 'declared' = 'true');
