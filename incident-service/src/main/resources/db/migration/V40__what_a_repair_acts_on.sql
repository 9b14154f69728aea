-- A command can act on another process than that of the service whose signals ask for it. What of old
-- did so is not known; what is on record as its service is as good as any.
alter table remediation add column target text, add column command text;
update remediation set target = service;
alter table remediation alter column target set not null;
drop index remediation_one_on_process;
create unique index remediation_one_on_process on remediation (target)
  where action in ('restart', 'command')
    and (state in ('RUNNING', 'CHECKING') or undo_state = 'RUNNING');
create index remediation_history_of_process on remediation (target, started_at desc)
  where action in ('restart', 'command');
