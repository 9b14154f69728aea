-- What a repair was expected to do and did, who approved it, and whether it was taken back.
alter table remediation drop constraint remediation_state_check;
alter table remediation add constraint remediation_state_check check (state in
  ('PLANNED', 'AWAITING_APPROVAL', 'RUNNING', 'CHECKING', 'SUCCEEDED', 'FAILED', 'UNVERIFIED',
   'SKIPPED', 'REJECTED', 'EXPIRED'));
alter table remediation
  add column dry_run boolean not null default false,
  add column risky boolean not null default false,
  add column approve_by timestamptz,
  add column decided_by text,
  add column expect_signal text,
  add column expect_comparison text check (expect_comparison in ('>', '>=', '<', '<=')),
  add column expect_value double precision,
  add column expect_millis bigint,
  add column value_before double precision,
  add column value_after double precision,
  add column effect text not null default 'PENDING'
    check (effect in ('PENDING', 'MET', 'NOT_MET', 'UNKNOWN')),
  add column outcome text,
  add column undo_state text check (undo_state in ('RUNNING', 'DONE', 'FAILED')),
  add column undo_outcome text;
update remediation set effect = case state
  when 'SUCCEEDED' then 'MET' when 'FAILED' then 'NOT_MET' when 'SKIPPED' then 'UNKNOWN'
  else 'PENDING' end;

-- Taking a repair back is work on the service as well.
drop index remediation_one;
create unique index remediation_one on remediation (service)
  where state in ('RUNNING', 'CHECKING') or undo_state = 'RUNNING';
drop index remediation_due;
create index remediation_due on remediation (state)
  where state in ('PLANNED', 'AWAITING_APPROVAL', 'RUNNING', 'CHECKING');
create index remediation_undo on remediation (seq) where undo_state = 'RUNNING';
