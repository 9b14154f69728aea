-- How the timeline of the incident ended that a deed was done to: who rewrites a whole timeline would
-- have to rewrite the trail as well.
alter table audit_entry
  add column incident_id uuid,
  add column timeline_seq bigint,
  add column timeline_hash text check (timeline_hash ~ '^[0-9a-f]{64}$'),
  add check (num_nulls(incident_id, timeline_seq, timeline_hash) in (0, 3));
