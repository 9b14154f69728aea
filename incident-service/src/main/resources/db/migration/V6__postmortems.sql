-- Postmortems: documents of their own that refer to an incident. Every revision is kept.
create table postmortem_revision (
  incident_id uuid not null references incident (id),
  revision int not null check (revision > 0),
  -- The sections, each with its text and the person who wrote it (null: the system).
  sections jsonb not null,
  author_type text not null,
  author_name text not null,
  at timestamptz not null,
  primary key (incident_id, revision)
);
create function refuse_revision_change() returns trigger language plpgsql as $$
begin
  raise exception 'revisions of postmortems are append-only' using errcode = 'restrict_violation';
end $$;
create trigger postmortem_append_only before update or delete on postmortem_revision
  for each row execute function refuse_revision_change();

-- Drafts to be made; written with the change that asks for them.
create table postmortem_due (
  incident_id uuid primary key references incident (id),
  due_at timestamptz not null
);

create table action_item (
  id uuid primary key,
  seq bigint generated always as identity unique,
  incident_id uuid not null references incident (id),
  text text not null,
  owner text,
  due date,
  state text not null check (state in ('OPEN', 'DONE', 'DROPPED')),
  created_at timestamptz not null,
  created_by text not null,
  closed_at timestamptz
);
create index action_item_of_incident on action_item (incident_id, seq);
create index action_item_open on action_item (state, seq);
