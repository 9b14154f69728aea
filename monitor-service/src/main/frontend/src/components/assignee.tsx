import { useId, useState } from 'preact/hooks';
import type { Incident } from '../api/types';
import { change } from '../state/actions';
import { me } from '../state/store';
import { Dialog } from './dialog';
import { changeable } from './people';

/** Whose incident it is, and a way to give it to somebody or to nobody. */
export function Assignee({ incident }: { incident: Incident }) {
  const [asking, setAsking] = useState(false);
  const mine = me.value?.name;
  return (
    <span class="assignee">
      {incident.assignee ? <strong>{incident.assignee}</strong> : <span class="faint">Nobody yet</span>}
      {changeable(incident) && (
        <>
          {mine && incident.assignee !== mine && (
            <button type="button" class="button small" onClick={() => void assign(incident.id, mine)}>
              Assign to me
            </button>
          )}
          <button type="button" class="button small" onClick={() => setAsking(true)}>
            Assign…
          </button>
        </>
      )}
      {asking && <Assign incident={incident} onClose={() => setAsking(false)} />}
    </span>
  );
}

const assign = (id: string, assignee: string) =>
  change(id, 'POST', 'assignee', { assignee }, 'The assignee was not changed');

/** The names at hand are offered; any other can be written, for not everybody needs an account here. */
function Assign({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const [name, setName] = useState(incident.assignee ?? '');
  const [busy, setBusy] = useState(false);
  const list = useId();
  const mine = me.value?.name;
  const names = new Set([...(incident.responders ?? []).map((r) => r.name), ...(mine ? [mine] : [])]);
  const to = name.trim();
  const send = async (who: string) => {
    setBusy(true);
    const done = await assign(incident.id, who);
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Dialog title="Assign the incident" onClose={onClose}>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault();
          void send(to);
        }}
      >
        <label>
          To
          <input
            class="field"
            autoFocus
            maxLength={200}
            list={list}
            value={name}
            onInput={(e) => setName(e.currentTarget.value)}
          />
          <datalist id={list}>
            {[...names].map((n) => (
              <option key={n} value={n} />
            ))}
          </datalist>
          <span class="hint">It goes on the timeline.</span>
        </label>
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          {incident.assignee && (
            <button type="button" class="button" disabled={busy} onClick={() => void send('')}>
              To nobody
            </button>
          )}
          <button type="submit" class="button primary" disabled={busy || !to || to === incident.assignee}>
            Assign
          </button>
        </div>
      </form>
    </Dialog>
  );
}
