-- The remediation log: what playbooks did, or did not do and why.
create table remediation (
  id uuid primary key,
  seq bigint generated always as identity unique,
  incident_id uuid not null references incident (id),
  playbook text not null,
  action text not null,
  service text not null,
  fingerprint text not null,
  trigger text not null,
  state text not null check (state in
    ('PLANNED', 'RUNNING', 'CHECKING', 'SUCCEEDED', 'FAILED', 'SKIPPED')),
  reason text,
  planned_at timestamptz not null,
  started_at timestamptz,
  check_by timestamptz,
  ended_at timestamptz
);
-- One at a time for each service, whoever runs it.
create unique index remediation_one on remediation (service)
  where state in ('RUNNING', 'CHECKING');
create index remediation_due on remediation (state)
  where state in ('PLANNED', 'RUNNING', 'CHECKING');
create index remediation_history on remediation (service, started_at desc);
create index remediation_of_incident on remediation (incident_id, seq desc);
