-- Each entry is checked against the moves before it: they are found without reading all entries.
create index timeline_moves on timeline_entry (incident_id) where kind = 'STATE_CHANGED';
