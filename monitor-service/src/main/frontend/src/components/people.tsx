import { useState } from 'preact/hooks';
import { call } from '../api/http';
import type { EscalationPolicy, EscalationState, Incident, Responder, ResponderRole } from '../api/types';
import { countdown } from '../lib/format';
import { escalationWords, ROLE_WORDS, ROLES } from '../lib/people';
import { change } from '../state/actions';
import { can, me, now, readOnly } from '../state/store';
import { Dialog } from './dialog';
import { Icon } from './icon';
import { Ago, Status } from './marks';
import { Card } from './states';

/** Whether this person may change the incident now. */
export function changeable(incident: Incident): boolean {
  return can('respond') && !readOnly.value && incident.state !== 'RESOLVED';
}

/** The policies of the catalog; none where they cannot be read. */
export async function readPolicies(): Promise<EscalationPolicy[]> {
  const body = (await call('GET', '/bff/escalation')) as { policies?: EscalationPolicy[] };
  return body?.policies ?? [];
}

/** Who works on the incident, and whom the escalation tells next. */
export function People(props: {
  incident: Incident;
  escalation: EscalationState | null;
  policy: EscalationPolicy | undefined;
}) {
  const { incident } = props;
  const [adding, setAdding] = useState(false);
  const mine = me.value?.name;
  const known = incident.responders;
  const responders = known ?? [];
  const may = changeable(incident) && known !== undefined && known !== null;
  const here = responders.some((r) => r.name === mine);
  return (
    <Card
      title="People"
      aside={
        may && (
          <>
            {mine && !here && (
              <button type="button" class="button small" onClick={() => void join(incident.id, mine, 'RESPONDER')}>
                Join
              </button>
            )}
            <button type="button" class="button small" onClick={() => setAdding(true)}>
              Add…
            </button>
          </>
        )
      }
    >
      {responders.length === 0 ? (
        <p class="faint">{incident.assignee ? `${incident.assignee} is on it.` : 'Nobody is on it yet.'}</p>
      ) : (
        <ul class="responders">
          {responders.map((r) => (
            <Line key={r.name} incident={incident} responder={r} may={may} />
          ))}
        </ul>
      )}
      {props.escalation && (
        <Escalation state={props.escalation} policy={props.policy} taken={Boolean(incident.acknowledgedAt)} />
      )}
      {adding && <Add incident={incident} onClose={() => setAdding(false)} />}
    </Card>
  );
}

const join = (id: string, name: string, role: ResponderRole) =>
  change(id, 'POST', 'responders', { name, role }, `${name} was not added`);

function Line({ incident, responder: r, may }: { incident: Incident; responder: Responder; may: boolean }) {
  return (
    <li>
      <span class="grow">
        <strong>{r.name}</strong>
        <span class="faint small block">
          {!may && `${ROLE_WORDS[r.role] ?? r.role} · `}since <Ago iso={r.since} />
        </span>
      </span>
      {may && (
        <>
          <select
            class="field small-field"
            aria-label={`Role of ${r.name}`}
            value={r.role}
            onChange={(e) => void join(incident.id, r.name, e.currentTarget.value as ResponderRole)}
          >
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {ROLE_WORDS[role]}
              </option>
            ))}
          </select>
          <button
            type="button"
            class="button ghost icon-only"
            aria-label={`Take ${r.name} off`}
            title={`Take ${r.name} off`}
            onClick={() =>
              void change(
                incident.id,
                'DELETE',
                `responders?name=${encodeURIComponent(r.name)}`,
                undefined,
                `${r.name} was not taken off`,
              )
            }
          >
            <Icon name="close" size={14} />
          </button>
        </>
      )}
    </li>
  );
}

function Escalation(props: { state: EscalationState; policy: EscalationPolicy | undefined; taken: boolean }) {
  const { state } = props;
  const words = escalationWords(state, props.policy, props.taken);
  const left = words.due === null ? null : words.due - now.value;
  return (
    <div class="escalation">
      <p class="escalation-head">
        <Status tone={words.tone}>Escalation</Status>
        <a class="small" href="/on-call">
          {state.policy}
        </a>
        <span class="spring" />
        {left !== null && <span class="num strong">{left > 0 ? countdown(left) : 'now'}</span>}
      </p>
      <p class="small text-2">{words.text}</p>
    </div>
  );
}

function Add({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<ResponderRole>('RESPONDER');
  const [busy, setBusy] = useState(false);
  const send = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    const done = await join(incident.id, name.trim(), role);
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Dialog title="Add somebody" onClose={onClose}>
      <form class="form" onSubmit={send}>
        <label>
          Name
          <input
            class="field"
            required
            autoFocus
            maxLength={200}
            value={name}
            onInput={(e) => setName(e.currentTarget.value)}
          />
        </label>
        <label>
          Role
          <select class="field" value={role} onChange={(e) => setRole(e.currentTarget.value as ResponderRole)}>
            {ROLES.map((r) => (
              <option key={r} value={r}>
                {ROLE_WORDS[r]}
              </option>
            ))}
          </select>
          <span class="hint">There is one incident commander at a time: a new one takes over.</span>
        </label>
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy || !name.trim()}>
            Add
          </button>
        </div>
      </form>
    </Dialog>
  );
}
