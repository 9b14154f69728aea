-- One row for each analysis, from the request on. A row is due until it is DONE or FAILED; whoever
-- works on it holds a claim that ends by itself, so that a crash in the middle is picked up again.
create table analyses (
  id            uuid primary key,
  incident_id   uuid        not null,
  state         text        not null check (state in ('SCHEDULED', 'RUNNING', 'DONE', 'FAILED')),
  follow_up     boolean     not null default false,
  request       jsonb       not null,
  view          jsonb,
  attempt       int         not null default 0,
  due_at        timestamptz not null,
  claimed_by    text,
  claimed_until timestamptz,
  created_at    timestamptz not null,
  done_at       timestamptz
);

-- Asking again while one runs gives the running one.
create unique index analyses_one_running on analyses (incident_id) where state = 'RUNNING';
create unique index analyses_one_scheduled on analyses (incident_id) where state = 'SCHEDULED';
create index analyses_due on analyses (due_at) where state in ('SCHEDULED', 'RUNNING');
create index analyses_of_incident on analyses (incident_id, created_at desc);

create table feedback (
  id          uuid primary key,
  analysis_id uuid        not null references analyses (id) on delete cascade,
  verdict     text        not null check (verdict in ('CONFIRMED', 'WRONG')),
  rank        int,
  comment     text,
  actor       jsonb       not null,
  created_at  timestamptz not null
);

create index feedback_of_analysis on feedback (analysis_id, created_at);
