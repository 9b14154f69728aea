import { call, sentence } from '../api/http';
import type { Remediation } from '../api/types';
import { words } from '../lib/format';
import { can, readOnly } from '../state/store';
import { At, Status, type Tone } from './marks';
import { notify } from './toasts';

const TONES: [RegExp, Tone][] = [
  [/SUCCE|DONE|HEALED|OK$/i, 'ok'],
  [/FAIL|TIMED?_?OUT|ERROR/i, 'bad'],
  [/PENDING|WAIT|APPROV|PROPOSED/i, 'warn'],
  [/RUN|START|PROGRESS|EXECUT|CHECK|PLAN/i, 'info'],
];

export function remediationTone(state: string): Tone {
  return TONES.find(([p]) => p.test(state))?.[1] ?? 'idle';
}

/** A remediation from what the service sends, whatever it calls state, time and outcome. */
export function readRemediation(body: Record<string, unknown>): Remediation {
  const text = (...keys: string[]) => {
    for (const k of keys) if (typeof body[k] === 'string' && body[k]) return body[k] as string;
    return null;
  };
  return {
    id: text('id') ?? '',
    incidentId: text('incidentId', 'incident'),
    playbook: text('playbook', 'name') ?? '',
    action: text('action') ?? '',
    service: text('service', 'target') ?? '',
    env: text('env'),
    state: text('state', 'status', 'outcome') ?? 'UNKNOWN',
    detail: text('reason', 'detail', 'why'),
    at: text('at', 'startedAt', 'plannedAt', 'createdAt') ?? '',
    trigger: text('trigger'),
    endedAt: text('endedAt', 'finishedAt', 'doneAt', 'decidedAt'),
  };
}

/** Whether a person has to say yes or no. */
export function waitsForPerson(r: Remediation): boolean {
  return /APPROV|PROPOSED/i.test(r.state) && !/APPROVED$/i.test(r.state);
}

export function RemediationList(props: { list: readonly Remediation[]; onChange: () => void; linked?: boolean }) {
  const decide = async (r: Remediation, what: 'approve' | 'reject') => {
    try {
      await call('POST', `/bff/incident/api/v1/remediations/${r.id}/${what}`, {});
      props.onChange();
    } catch (e) {
      notify('bad', `Could not ${what}: ${sentence(e)}`);
      props.onChange();
    }
  };
  return (
    <ul class="remediations">
      {props.list.map((r) => (
        <li key={r.id}>
          <Status tone={remediationTone(r.state)}>{words(r.state)}</Status>
          <span class="grow">
            {words(r.action)} <strong>{r.service}</strong>
            {r.detail && <>: {r.detail}</>}
            <span class="faint small block">
              {r.trigger && <>because {r.trigger} · </>}
              {r.playbook} · <At iso={r.at} />
              {props.linked && r.incidentId && (
                <>
                  {' '}
                  · <a href={`/incidents/${r.incidentId}`}>Incident</a>
                </>
              )}
            </span>
          </span>
          {waitsForPerson(r) && can('respond') && !readOnly.value && (
            <span class="actions">
              <button type="button" class="button small primary" onClick={() => void decide(r, 'approve')}>
                Approve
              </button>
              <button type="button" class="button small" onClick={() => void decide(r, 'reject')}>
                Reject
              </button>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
