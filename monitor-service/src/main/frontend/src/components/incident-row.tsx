import type { Incident } from '../api/types';
import { acknowledge } from '../state/actions';
import { can, readOnly } from '../state/store';
import { At, Lasting, SeverityBadge, StateBadge } from './marks';

/** One incident in a list: what, where, since, who, and the first thing to do. */
export function IncidentRow({ incident, actions }: { incident: Incident; actions?: boolean }) {
  const resolved = incident.state === 'RESOLVED';
  const canAck = actions && can('respond') && !readOnly.value && incident.allowedEvents.includes('ACKNOWLEDGE');
  return (
    <li class="incident-row">
      <a href={`/incidents/${incident.id}`} data-row data-incident={incident.id} class="incident-link">
        <SeverityBadge severity={incident.severity} />
        <span class="incident-what">
          <span class="incident-title">{incident.title}</span>
          <span class="incident-where">
            <span class="mono">#{incident.number}</span> · {incident.service} · {incident.env}
          </span>
        </span>
        <span class="incident-state">
          <StateBadge state={incident.state} />
        </span>
        <span class="incident-since">
          {resolved ? (
            <>
              <span class="num">
                <At iso={incident.openedAt} />
              </span>
              <span class="faint">
                lasted <Lasting from={incident.openedAt} to={incident.resolvedAt} />
              </span>
            </>
          ) : (
            <>
              <span class="num">
                <Lasting from={incident.openedAt} />
              </span>
              <span class="faint">
                since <At iso={incident.openedAt} />
              </span>
            </>
          )}
        </span>
        <span class={`incident-who${incident.assignee ? '' : ' faint'}`}>{incident.assignee ?? 'Nobody yet'}</span>
      </a>
      {actions && (
        <span class="incident-act">
          {canAck && (
            <button type="button" class="button small primary" onClick={() => void acknowledge(incident.id)}>
              Acknowledge
            </button>
          )}
        </span>
      )}
    </li>
  );
}

/** The incident of the row that has the focus, for the key `a`. */
export function focusedIncident(): string | null {
  const row = document.activeElement?.closest('.incident-row')?.querySelector<HTMLElement>('[data-incident]');
  return row?.dataset['incident'] ?? null;
}
