-- What people pressed in Discord lately, so that nothing is done twice.
create table discord_interaction (
  id text primary key,
  at timestamptz not null
);
create index discord_interaction_at on discord_interaction (at);
