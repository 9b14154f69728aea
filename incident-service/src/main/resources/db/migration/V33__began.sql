-- When what an incident is about began, as the signal says that opened it; the times of its signals
-- move on when they fire again. Null for what people declared or split off.
alter table incident add column began_at timestamptz check (began_at <= opened_at);
-- Its timeline begins with that signal. Resolved ones change for nobody by that.
alter table incident disable trigger incident_immutable;
update incident i set began_at = least(e.ts, i.opened_at)
from timeline_entry e
where e.incident_id = i.id and e.seq = 1 and e.kind = 'SIGNAL_FIRED';
alter table incident enable trigger incident_immutable;
