-- Signals that fire, by what we know, though nobody says so again: each fires anew at its time unless
-- its end comes before. At most one of each fingerprint; a row goes when that was looked at.
create table signal_kept (
  fingerprint text primary key,
  signal jsonb not null,
  due_at timestamptz not null
);
create index signal_kept_due on signal_kept (due_at);
