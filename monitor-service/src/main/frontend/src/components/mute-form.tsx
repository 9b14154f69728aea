import { useEffect, useState } from 'preact/hooks';
import { call, sentence } from '../api/http';
import type { MutePreview, Severity } from '../api/types';
import { plural, words } from '../lib/format';
import { DAYS, fate, LENGTHS, type MuteForm, missing, request, toldAlready } from '../lib/mutes';
import { rules, services } from '../state/store';
import { Dialog } from './dialog';
import { Fault } from './fault';
import { SeverityBadge, Status } from './marks';
import { notify } from './toasts';

const SEVERITIES: Severity[] = ['SEV1', 'SEV2', 'SEV3', 'SEV4'];
const SETTLE_MILLIS = 400;

export const path = (kind: MuteForm['kind']) =>
  `/bff/incident/api/v1/${kind === 'silence' ? 'silences' : 'maintenance-windows'}`;

/** Makes a silence or a maintenance window; says beforehand what it would mute now. */
export function MuteDialog(props: { start: Partial<MuteForm>; onClose: () => void; onDone: () => void }) {
  const [form, setForm] = useState<MuteForm>({
    kind: 'silence',
    services: '',
    environments: '',
    severities: [],
    rules: '',
    labels: '',
    reason: '',
    starts: 'now',
    length: 'PT1H',
    weekly: false,
    days: [],
    at: '02:00',
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    ...props.start,
  });
  const [fault, setFault] = useState('');
  const [busy, setBusy] = useState(false);
  const set = (more: Partial<MuteForm>) => setForm((f) => ({ ...f, ...more }));
  const lacks = missing(form);
  const window = form.kind === 'maintenance';
  const send = async (e: Event) => {
    e.preventDefault();
    if (lacks || busy) return;
    setBusy(true);
    try {
      await call('POST', path(form.kind), request(form));
      notify('ok', window ? 'The maintenance window is set.' : 'The silence is in force.');
      props.onDone();
    } catch (failed) {
      setFault(sentence(failed));
    }
    setBusy(false);
  };
  return (
    <Dialog title={window ? 'New maintenance window' : 'New silence'} onClose={props.onClose} wide>
      <form class="form" onSubmit={send}>
        <div class="segments" role="group" aria-label="Kind">
          <button type="button" aria-pressed={!window} onClick={() => set({ kind: 'silence' })}>
            Silence
          </button>
          <button type="button" aria-pressed={window} onClick={() => set({ kind: 'maintenance' })}>
            Maintenance window
          </button>
        </div>
        <p class="hint">
          {window
            ? 'Planned work: nobody is told, no playbook acts on it, and the status page announces it.'
            : 'Nobody is told of what it covers. Incidents open all the same.'}
        </p>
        <Covered form={form} set={set} />
        <When form={form} set={set} />
        <label>
          Reason
          <input
            class="field"
            required
            maxLength={1000}
            value={form.reason}
            onInput={(e) => set({ reason: e.currentTarget.value })}
          />
          <span class="hint">For your team{window && '; the status page never shows it'}.</span>
        </label>
        <Preview form={form} lacks={lacks} />
        <Fault text={fault} />
        <div class="actions">
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy || lacks !== null || !form.reason.trim()}>
            {window ? 'Set the window' : 'Silence'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

type Set = (more: Partial<MuteForm>) => void;

function Covered({ form, set }: { form: MuteForm; set: Set }) {
  const envs = [...new Set(services.value.flatMap((s) => s.environments))];
  return (
    <>
      <div class="form-row">
        <label>
          Services
          <input
            class="field mono"
            list="mute-services"
            autoFocus
            placeholder="checkout, shop-*"
            value={form.services}
            onInput={(e) => set({ services: e.currentTarget.value })}
          />
        </label>
        <label>
          Environments
          <input
            class="field mono"
            list="mute-envs"
            placeholder="prod"
            value={form.environments}
            onInput={(e) => set({ environments: e.currentTarget.value })}
          />
        </label>
      </div>
      <div class="form-row">
        <label>
          Rules
          <input
            class="field mono"
            list="mute-rules"
            placeholder="high-*"
            value={form.rules}
            onInput={(e) => set({ rules: e.currentTarget.value })}
          />
        </label>
        <label>
          Labels
          <input
            class="field mono"
            placeholder="zone=a"
            value={form.labels}
            onInput={(e) => set({ labels: e.currentTarget.value })}
          />
        </label>
      </div>
      <fieldset>
        <legend>Severities</legend>
        <div class="checks">
          {SEVERITIES.map((s) => (
            <label key={s}>
              <input
                type="checkbox"
                checked={form.severities.includes(s)}
                onChange={(e) =>
                  set({
                    severities: e.currentTarget.checked
                      ? [...form.severities, s]
                      : form.severities.filter((o) => o !== s),
                  })
                }
              />
              {s}
            </label>
          ))}
        </div>
        <span class="hint">
          Everything that is filled in has to fit; what is left empty fits all. * is anything; a name with spaces goes
          in quotes.
        </span>
      </fieldset>
      <datalist id="mute-services">
        {services.value.map((s) => (
          <option key={s.name} value={s.name} />
        ))}
      </datalist>
      <datalist id="mute-envs">
        {envs.map((e) => (
          <option key={e} value={e} />
        ))}
      </datalist>
      <datalist id="mute-rules">
        {rules.value.map((r) => (
          <option key={r.name} value={r.name} />
        ))}
      </datalist>
    </>
  );
}

function When({ form, set }: { form: MuteForm; set: Set }) {
  const weekly = form.kind === 'maintenance' && form.weekly;
  return (
    <>
      {form.kind === 'maintenance' && (
        <div class="checks">
          <label>
            <input
              type="checkbox"
              checked={form.weekly}
              onChange={(e) => set({ weekly: e.currentTarget.checked, starts: 'now' })}
            />
            Every week
          </label>
        </div>
      )}
      {weekly && (
        <fieldset>
          <legend>Days</legend>
          <div class="segments wrap">
            {DAYS.map((d) => (
              <button
                key={d}
                type="button"
                aria-pressed={form.days.includes(d)}
                onClick={() =>
                  set({ days: form.days.includes(d) ? form.days.filter((o) => o !== d) : [...form.days, d] })
                }
              >
                {words(d).slice(0, 3)}
              </button>
            ))}
          </div>
          <span class="hint">None picked: every day.</span>
        </fieldset>
      )}
      <div class="form-row">
        {weekly ? (
          <>
            <label>
              At
              <input
                class="field"
                type="time"
                required
                value={form.at}
                onInput={(e) => set({ at: e.currentTarget.value })}
              />
            </label>
            <label>
              Time zone
              <input
                class="field"
                required
                value={form.timeZone}
                onInput={(e) => set({ timeZone: e.currentTarget.value })}
              />
            </label>
          </>
        ) : (
          <>
            <label>
              Starts
              <select
                class="field"
                value={form.starts === 'now' ? 'now' : 'later'}
                onChange={(e) => set({ starts: e.currentTarget.value === 'now' ? 'now' : '' })}
              >
                <option value="now">Now</option>
                <option value="later">Later…</option>
              </select>
            </label>
            {form.starts !== 'now' && (
              <label>
                At (your time)
                <input
                  class="field"
                  type="datetime-local"
                  required
                  value={form.starts}
                  onInput={(e) => set({ starts: e.currentTarget.value })}
                />
              </label>
            )}
          </>
        )}
        <label>
          For
          <select class="field" value={form.length} onChange={(e) => set({ length: e.currentTarget.value })}>
            {LENGTHS.map(([value, title]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
    </>
  );
}

/** What it would mute now; always takes the same space, so that nothing jumps while one types. */
function Preview({ form, lacks }: { form: MuteForm; lacks: string | null }) {
  const [answer, setAnswer] = useState<MutePreview | null>(null);
  const [fault, setFault] = useState('');
  const [asked, setAsked] = useState('');
  const body = JSON.stringify(request(form, true));
  const { kind } = form;
  useEffect(() => {
    if (lacks) return;
    let late = false;
    const timer = setTimeout(() => {
      call('POST', `${path(kind)}/preview`, JSON.parse(body)).then(
        (a) => {
          if (late) return;
          setAnswer(a as MutePreview);
          setFault('');
          setAsked(body);
        },
        (e) => {
          if (late) return;
          setFault(sentence(e));
          setAsked(body);
        },
      );
    }, SETTLE_MILLIS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [body, kind, lacks]);
  return (
    // What is shown may still be of what was typed before: it says so by its looks, and does not jump.
    <section
      class="preview"
      aria-label="What it would mute now"
      aria-live="polite"
      aria-busy={lacks === null && asked !== body}
    >
      {lacks ? (
        <p class="faint">{lacks}</p>
      ) : fault ? (
        <p class="fault">{fault}</p>
      ) : !answer ? (
        <p class="faint">Looking…</p>
      ) : answer.items.length === 0 ? (
        <p>
          <Status tone="idle">It would mute nothing now</Status> <span class="faint">of {looked(answer)}</span>
        </p>
      ) : (
        <>
          <p>
            <Status tone={answer.wouldMute > 0 ? 'warn' : 'idle'}>
              It would now mute {answer.wouldMute} of {looked(answer)}
            </Status>
            <span class="faint"> {toldAlready(answer)}</span>
          </p>
          <ul class="preview-list">
            {answer.items.slice(0, 5).map((i) => (
              <li key={i.id}>
                <SeverityBadge severity={i.severity} />
                <span class="grow ellipsis">
                  #{i.number} {i.title}
                </span>
                <span class="faint small">{fate(i)}</span>
              </li>
            ))}
            {answer.items.length > 5 && <li class="faint small">and {answer.items.length - 5} more</li>}
          </ul>
        </>
      )}
    </section>
  );
}

/** What a preview has looked at: the service stops at the newest two hundred. */
function looked(preview: MutePreview): string {
  const open = plural(preview.incidents, 'open incident');
  return preview.complete === false ? `the newest ${open}; older ones were not looked at` : open;
}
