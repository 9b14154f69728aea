-- What people are told about incidents. Each row is one message to one channel; the outbox delivers them
-- in order for each channel.
create table notification (
  id uuid primary key,
  seq bigint generated always as identity unique,
  incident_id uuid not null references incident (id),
  channel text not null,
  kind text not null check (kind in ('OPENED', 'EDIT', 'RESOLVED')),
  about text not null,
  state text not null check (state in ('WAITING', 'SENDING', 'SENT', 'FAILED', 'SKIPPED')),
  why text,
  attempts int not null default 0,
  created_at timestamptz not null,
  due_at timestamptz,
  done_at timestamptz,
  message_id text
);
-- Never twice for one event; and edits that wait become one, which shows the newest state.
create unique index notification_opened on notification (incident_id, channel) where kind = 'OPENED';
create unique index notification_resolved on notification (incident_id, channel)
  where kind = 'RESOLVED';
create unique index notification_edit on notification (incident_id, channel)
  where kind = 'EDIT' and state = 'WAITING';
create index notification_waiting on notification (channel) where state in ('WAITING', 'SENDING');

-- The live card of an incident in a channel, and a digest of what it shows.
create table card (
  incident_id uuid not null references incident (id),
  channel text not null,
  message_id text not null,
  shown text not null,
  primary key (incident_id, channel)
);

-- Channels that answered that they are gone; for the address of that digest only.
create table channel_fault (
  channel text primary key,
  address text not null,
  reason text not null,
  since timestamptz not null
);
