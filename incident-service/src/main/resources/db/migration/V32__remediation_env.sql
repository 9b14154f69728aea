-- There is one process of a service, but what does not act on it can be done in each environment.
alter table remediation add column env text;
update remediation r set env = i.env from incident i where i.id = r.incident_id;
alter table remediation alter column env set not null;
drop index remediation_one;
create unique index remediation_one on remediation (service, env)
  where state in ('RUNNING', 'CHECKING') or undo_state = 'RUNNING';
create unique index remediation_one_on_process on remediation (service)
  where action in ('restart', 'command')
    and (state in ('RUNNING', 'CHECKING') or undo_state = 'RUNNING');
