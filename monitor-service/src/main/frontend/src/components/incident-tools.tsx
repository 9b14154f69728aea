import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { call, isRecord, readDocument } from '../api/http';
import type { Incident, Severity } from '../api/types';
import { download } from '../lib/download';
import { words } from '../lib/format';
import { attempt, change } from '../state/actions';
import { can, openIncidents, readOnly } from '../state/store';
import { Dialog } from './dialog';
import { Icon } from './icon';
import { changeable } from './people';
import { SeverityChoice } from './severity-choice';
import { notify } from './toasts';

type Tool = 'severity' | 'merge' | 'split';

/** What can be done about the incident as a whole, besides moving it on. */
export function IncidentTools({ incident }: { incident: Incident }) {
  const [tool, setTool] = useState<Tool | null>(null);
  const may = changeable(incident);
  const splittable = incident.signals.some((s) => s.service !== incident.service);
  const close = () => setTool(null);
  return (
    <div class="tools">
      {may && (
        <>
          <button type="button" class="button small" onClick={() => setTool('severity')}>
            Severity…
          </button>
          <a
            class="button small"
            href={`/silences?${new URLSearchParams({ new: 'silence', service: incident.service, env: incident.env })}`}
          >
            Silence…
          </a>
          <button type="button" class="button small" onClick={() => setTool('merge')}>
            Merge…
          </button>
          {splittable && (
            <button type="button" class="button small" onClick={() => setTool('split')}>
              Split…
            </button>
          )}
        </>
      )}
      {can('read') && !readOnly.value && (
        <button type="button" class="button small" onClick={() => void exportBundle(incident)}>
          <Icon name="download" size={13} /> Export
        </button>
      )}
      {tool === 'severity' && <ChangeSeverity incident={incident} onClose={close} />}
      {tool === 'merge' && <Merge incident={incident} onClose={close} />}
      {tool === 'split' && <Split incident={incident} onClose={close} />}
    </div>
  );
}

async function exportBundle(incident: Incident): Promise<void> {
  const text = await attempt('The export failed', () =>
    readDocument(`/bff/incident/api/v1/incidents/${incident.id}/export`, 'application/json'),
  );
  if (text === null) return;
  download(`incident-${incident.number}.json`, 'application/json', text);
  notify('ok', `incident-${incident.number}.json: the signed record of this incident.`);
}

function ChangeSeverity({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [severity, setSeverity] = useState<Severity>(incident.severity);
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    const done = await change(
      incident.id,
      'POST',
      'severity',
      { severity, comment: comment.trim() || null },
      'The severity was not changed',
    );
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Dialog title="Severity" onClose={onClose}>
      <form class="form" onSubmit={send}>
        <SeverityChoice value={severity} onChange={setSeverity} />
        <label>
          Why
          <textarea class="field" maxLength={2000} value={comment} onInput={(e) => setComment(e.currentTarget.value)} />
          <span class="hint">
            It goes on the timeline. From now on only a new signal that is worse than {severity} raises it; nothing
            lowers it by itself.
          </span>
        </label>
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy}>
            {severity === incident.severity ? 'Confirm' : 'Change to'} {severity}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Merge({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const { route } = useLocation();
  const others = openIncidents.value.filter((i) => i.id !== incident.id && i.env === incident.env);
  const [into, setInto] = useState(others[0]?.id ?? '');
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    const done = await change(
      incident.id,
      'POST',
      'merge',
      { into, comment: comment.trim() },
      'The incidents were not merged',
    );
    setBusy(false);
    if (!done) return;
    onClose();
    route(`/incidents/${into}`);
  };
  return (
    <Dialog title={`Merge #${incident.number} into another`} onClose={onClose}>
      {others.length === 0 ? (
        <p>There is no other open incident in {incident.env}.</p>
      ) : (
        <form class="form" onSubmit={send}>
          <p>All its signals move over, and #{incident.number} ends without counting as a false alarm.</p>
          <label>
            Into
            <select class="field" value={into} onChange={(e) => setInto(e.currentTarget.value)}>
              {others.map((i) => (
                <option key={i.id} value={i.id}>
                  #{i.number} {i.title}
                </option>
              ))}
            </select>
          </label>
          <label>
            Why
            <textarea
              class="field"
              maxLength={2000}
              value={comment}
              onInput={(e) => setComment(e.currentTarget.value)}
            />
            <span class="hint">Both timelines say who merged them and why.</span>
          </label>
          <div class="actions">
            <button type="button" class="button" onClick={onClose}>
              Cancel
            </button>
            <button type="submit" class="button primary" disabled={busy || !into}>
              Merge
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Split({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const { route } = useLocation();
  const others = incident.signals.filter((s) => s.service !== incident.service);
  const [picked, setPicked] = useState<string[]>([]);
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    const after = await attempt('Nothing was split off', () =>
      call('POST', `/bff/incident/api/v1/incidents/${incident.id}/split`, {
        fingerprints: picked,
        comment: comment.trim(),
      }),
    );
    setBusy(false);
    if (!isRecord(after) || typeof after['id'] !== 'string') return;
    onClose();
    notify('ok', `#${String(after['number'])} was opened for what was split off.`);
    route(`/incidents/${after['id']}`);
  };
  return (
    <Dialog title="Split off an incident" onClose={onClose}>
      <form class="form" onSubmit={send}>
        <fieldset class="choices">
          <legend>Signals of other services that are trouble of their own</legend>
          {others.map((s) => (
            <label key={s.fingerprint}>
              <input
                type="checkbox"
                checked={picked.includes(s.fingerprint)}
                onChange={(e) =>
                  setPicked(
                    e.currentTarget.checked ? [...picked, s.fingerprint] : picked.filter((p) => p !== s.fingerprint),
                  )
                }
              />
              <span>
                {s.summary}
                <span class="faint small block">
                  {s.service} · {words(s.kind)}
                </span>
              </span>
            </label>
          ))}
        </fieldset>
        <label>
          Why
          <textarea class="field" maxLength={2000} value={comment} onInput={(e) => setComment(e.currentTarget.value)} />
        </label>
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy || picked.length === 0}>
            Split off
          </button>
        </div>
      </form>
    </Dialog>
  );
}
