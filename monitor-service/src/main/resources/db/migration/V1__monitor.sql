-- Times are milliseconds since the epoch unless a column says otherwise.

create table observed_state (
  target text primary key,
  state text not null check (state in ('UP', 'DOWN', 'UNKNOWN')),
  since integer not null,
  last_check integer,
  latency_millis integer,
  detail text not null
) strict;

create table uptime_minute (
  subject text not null,
  minute integer not null,
  up_millis integer not null,
  degraded_millis integer not null,
  down_millis integer not null,
  primary key (subject, minute)
) strict, without rowid;
create index uptime_minute_by_minute on uptime_minute (minute);

create table uptime_day (
  subject text not null,
  day text not null, -- ISO date, UTC
  up_millis integer not null,
  degraded_millis integer not null,
  down_millis integer not null,
  primary key (subject, day)
) strict, without rowid;

-- One row for each time something was found down.
create table outage (
  id text primary key,
  target text not null,
  service text not null,
  env text not null,
  severity text not null,
  reason text not null,
  since integer not null,
  fired_at integer not null,
  cleared_at integer,
  route text not null check (route in ('PENDING', 'INCIDENT', 'DISCORD')),
  firing_signal text not null,
  cleared_signal text not null,
  firing_done integer not null default 0,
  cleared_done integer not null default 0
) strict;
create unique index outage_open on outage (target) where cleared_at is null;
create index outage_undelivered on outage (fired_at) where firing_done = 0 or cleared_done = 0;

-- What Discord is still to be told, in order for each channel.
create table discord_queue (
  seq integer primary key autoincrement,
  channel text not null,
  outage text not null references outage (id),
  kind text not null check (kind in ('CARD', 'UPDATE', 'RECOVERY')),
  state text not null default 'WAITING' check (state in ('WAITING', 'SENT', 'DROPPED')),
  attempt integer not null default 0,
  due_at integer not null,
  last_error text,
  message_id text,
  created_at integer not null,
  done_at integer,
  unique (channel, outage, kind)
) strict;
create index discord_queue_waiting on discord_queue (channel, seq) where state = 'WAITING';

-- Webhooks that Discord said do not exist; the address is kept as its SHA-256 only.
create table discord_broken (
  url_hash text primary key,
  reason text not null,
  since integer not null
) strict;

create table last_known (
  kind text not null,
  key text not null,
  body text not null,
  as_of integer not null,
  primary key (kind, key)
) strict, without rowid;

create table public_incident (
  id text primary key,
  name text not null,
  impact text not null,
  status text not null,
  components text not null, -- names, one a line
  created_at integer not null,
  updated_at integer not null,
  monitoring_at integer,
  resolved_at integer
) strict;
create index public_incident_by_time on public_incident (created_at);

create table public_update (
  id text primary key,
  incident text not null references public_incident (id) on delete cascade,
  status text not null,
  body text not null,
  at integer not null
) strict;
create index public_update_by_incident on public_update (incident, at);

create table account (
  name text primary key collate nocase,
  password_hash text not null,
  role text not null check (role in ('VIEWER', 'RESPONDER', 'SRE', 'ADMIN')),
  disabled integer not null default 0,
  must_change integer not null default 0,
  created_at integer not null,
  last_login_at integer
) strict;

create table machine_token (
  id text primary key,
  name text not null,
  scopes text not null, -- texts, one a line
  sha256 text not null unique,
  created_at integer not null,
  created_by text not null,
  last_used_at integer,
  revoked_at integer
) strict;

-- spring-session-jdbc, its schema-sqlite.sql.
create table SPRING_SESSION (
  PRIMARY_ID character(36) not null,
  SESSION_ID character(36) not null,
  CREATION_TIME integer not null,
  LAST_ACCESS_TIME integer not null,
  MAX_INACTIVE_INTERVAL integer not null,
  EXPIRY_TIME integer not null,
  PRINCIPAL_NAME varchar(100),
  constraint SPRING_SESSION_PK primary key (PRIMARY_ID)
);
create unique index SPRING_SESSION_IX1 on SPRING_SESSION (SESSION_ID);
create index SPRING_SESSION_IX2 on SPRING_SESSION (EXPIRY_TIME);
create index SPRING_SESSION_IX3 on SPRING_SESSION (PRINCIPAL_NAME);

create table SPRING_SESSION_ATTRIBUTES (
  SESSION_PRIMARY_ID char(36) not null,
  ATTRIBUTE_NAME varchar(200) not null,
  ATTRIBUTE_BYTES blob not null,
  constraint SPRING_SESSION_ATTRIBUTES_PK primary key (SESSION_PRIMARY_ID, ATTRIBUTE_NAME),
  constraint SPRING_SESSION_ATTRIBUTES_FK foreign key (SESSION_PRIMARY_ID)
    references SPRING_SESSION (PRIMARY_ID) on delete cascade
);
