-- What rules know besides the signals they told (breaches that have not lasted long enough, times
-- since when something is fine again, cool-downs), so that a restart does not make it begin anew.
create table rule_state (
  -- The subject's, as in its signals.
  fingerprint text not null,
  -- PENDING, CLEARING, RESTING
  what text not null,
  kind text not null,
  severity text not null,
  rule text not null,
  service text not null,
  env text not null,
  labels jsonb not null,
  -- Event times in milliseconds since the epoch.
  since bigint not null,
  last_seen bigint not null,
  primary key (fingerprint, what)
);
