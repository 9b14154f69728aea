import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { call, inDoubt, itemsOf, sentence } from '../api/http';
import type { Incident } from '../api/types';
import {
  alreadyOpen,
  begun,
  type Declaration,
  environments,
  joinedOne,
  MOST,
  missing,
  openOne,
  type Refusal,
  refusal,
  request,
  withService,
} from '../lib/declare';
import { reloadIncident } from '../state/actions';
import { can, openIncidents, readOnly, services, takeIncident } from '../state/store';
import { Dialog } from './dialog';
import { Fault } from './fault';
import { SeverityChoice } from './severity-choice';
import { notify } from './toasts';

const PATH = '/bff/incident/api/v1/incidents';
const READ_ONLY = 'Incidents are read-only now: incident-service cannot be reached.';
const NONE: Refusal = { fields: {}, text: '' };

interface Look {
  small?: boolean;
  primary?: boolean;
}

/** Opens the dialog to declare an incident; not there for whoever may not respond. */
export function DeclareButton(props: Look & { start?: Partial<Declaration> }) {
  const declaring = useDeclaring(props.start);
  return (
    <>
      {declaring.button(props)}
      {declaring.dialog}
    </>
  );
}

/**
 * The button and its dialog apart, for where the button comes and goes with what is around it: the dialog must not,
 * since somebody may be writing in it.
 */
export function useDeclaring(start: Partial<Declaration> = {}) {
  const [open, setOpen] = useState(false);
  // Kept while the page is: a dialog closed by mistake loses nothing.
  const [form, setForm] = useState<Declaration | null>(null);
  const allowed = can('respond');
  const button = (look: Look) =>
    allowed && (
      <button
        type="button"
        class={`button declare${look.small ? ' small' : ''}${look.primary ? ' primary' : ''}`}
        disabled={readOnly.value}
        title={readOnly.value ? READ_ONLY : undefined}
        onClick={() => {
          setForm((f) => f ?? begun(start, services.value));
          setOpen(true);
        }}
      >
        <span>
          Declare<span class="noun"> incident</span>…
        </span>
      </button>
    );
  const dialog = allowed && open && form && (
    <Declare
      form={form}
      set={setForm}
      onClose={() => {
        setOpen(false);
        if (!form.title.trim() && !form.comment.trim()) setForm(null);
      }}
      onDone={() => setForm(null)}
    />
  );
  return { button, dialog };
}

function Declare(props: {
  form: Declaration;
  set: (form: Declaration) => void;
  onClose: () => void;
  /** It was declared; nothing of the form is needed any more. */
  onDone: () => void;
}) {
  const { form } = props;
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refusal>(NONE);
  // Not state: the second of two clicks can come before the page is drawn anew.
  const sending = useRef(false);
  const shown = useRef(true);
  const body = useRef<HTMLFormElement>(null);
  useEffect(
    () => () => {
      shown.current = false;
    },
    [],
  );
  useEffect(() => {
    body.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [refused]);

  const set = (next: Declaration) => {
    setRefused(NONE);
    props.set(next);
  };
  const tell = (r: Refusal) => {
    if (shown.current) setRefused(r);
    else notify('bad', `Declaring an incident: ${r.text || Object.values(r.fields).join(' · ')}`);
  };
  const send = async () => {
    if (sending.current || readOnly.value) return;
    const fields = missing(form);
    if (Object.keys(fields).length > 0) return setRefused({ fields, text: '' });
    sending.current = true;
    setBusy(true);
    setRefused(NONE);
    try {
      const made = (await call('POST', PATH, request(form))) as Incident;
      takeIncident(made);
      notify('ok', `#${made.number} is declared.`);
      props.onDone();
      if (!shown.current) return;
      props.onClose();
      route(`/incidents/${made.id}`);
    } catch (e) {
      tell(await afterwards(form, e));
    } finally {
      sending.current = false;
      if (shown.current) setBusy(false);
    }
  };

  return (
    <Dialog title="Declare an incident" onClose={props.onClose}>
      <form
        class="form"
        ref={body}
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) e.currentTarget.requestSubmit();
        }}
      >
        <p class="hint">
          For trouble that no rule has seen. People and the status page are told as of any other incident, signals of
          the service join it, and a person ends it.
        </p>
        <Line
          label="Title"
          value={form.title}
          most={MOST.title}
          fault={refused.fields.title}
          autoFocus
          required
          placeholder="Orders are charged twice"
          onInput={(title) => set({ ...form, title })}
        />
        <Where form={form} set={set} faults={refused.fields} />
        <OpenAlready form={form} onClose={props.onClose} />
        <SeverityChoice
          value={form.severity}
          fault={refused.fields.severity}
          onChange={(severity) => set({ ...form, severity })}
        />
        <Comment value={form.comment} fault={refused.fields.comment} onInput={(comment) => set({ ...form, comment })} />
        <Fault text={readOnly.value ? `${READ_ONLY} What you wrote stays here.` : refused.text} />
        <div class="actions">
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          {/* Not disabled while it is sent: it would lose the focus, and whoever types would be nowhere. */}
          <button type="submit" class="button primary" aria-disabled={busy} disabled={readOnly.value}>
            {busy ? 'Declaring…' : 'Declare'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** What to say of a failure; where it is not known what was done, after a look at what is there. */
async function afterwards(form: Declaration, error: unknown): Promise<Refusal> {
  const open = alreadyOpen(error);
  if (open) await reloadIncident(open).catch(() => undefined);
  if (!inDoubt(error)) return refusal(error);
  const where = `${form.service.trim()} in ${form.env.trim()}`;
  const doubt = `It is not known whether the incident was declared: ${sentence(error)}`;
  const again = `Declaring again is safe: beside an open incident of ${where} no second one is opened.`;
  try {
    const found = openOne(form, await openThere(form));
    if (!found) return { fields: {}, text: `${doubt} None of ${where} is open so far. ${again}` };
    takeIncident(found);
    return { fields: {}, text: `${doubt} But one is open there now: see above.` };
  } catch {
    return { fields: {}, text: `${doubt} Look at the list of incidents when it answers again. ${again}` };
  }
}

async function openThere(form: Declaration): Promise<Incident[]> {
  const query = new URLSearchParams({
    service: form.service.trim(),
    env: form.env.trim(),
    state: 'OPEN,ACKNOWLEDGED,INVESTIGATING,IDENTIFIED,MITIGATED',
  });
  return itemsOf<Incident>(await call('GET', `${PATH}?${query}`));
}

/** Says while one types that the trouble has an incident already. */
function OpenAlready({ form, onClose }: { form: Declaration; onClose: () => void }) {
  const same = openOne(form, openIncidents.value);
  const joined = same ? undefined : joinedOne(form, openIncidents.value);
  const found = same ?? joined;
  return (
    <div role="status" class="found">
      {found && (
        <p class="note">
          <strong>
            {same
              ? `${found.service} has an open incident:`
              : `A signal of ${form.service.trim()} is part of an open one:`}
          </strong>{' '}
          <a href={`/incidents/${found.id}`} onClick={onClose}>
            #{found.number} {found.title}
          </a>
          {same
            ? '. Use that one: there is one at a time for a service and environment.'
            : '. Look whether it is the same trouble.'}
        </p>
      )}
    </div>
  );
}

function Where(props: { form: Declaration; set: (form: Declaration) => void; faults: Refusal['fields'] }) {
  const { form, set } = props;
  const id = useId();
  const name = form.service.trim();
  const unknown = name !== '' && services.value.length > 0 && !services.value.some((s) => s.name === name);
  return (
    <>
      <div class="form-row">
        <Line
          label="Service"
          value={form.service}
          most={MOST.service}
          fault={props.faults.service}
          required
          mono
          list={`${id}-services`}
          placeholder="checkout"
          onInput={(s) => set(withService(form, s, services.value))}
        >
          {unknown && <span class="hint">Not in the catalog; any name will do.</span>}
        </Line>
        <Line
          label="Environment"
          value={form.env}
          most={MOST.env}
          fault={props.faults.env}
          required
          mono
          list={`${id}-envs`}
          placeholder="prod"
          onInput={(env) => set({ ...form, env })}
        />
      </div>
      <datalist id={`${id}-services`}>
        {services.value.map((s) => (
          <option key={s.name} value={s.name}>
            {s.title}
          </option>
        ))}
      </datalist>
      <datalist id={`${id}-envs`}>
        {environments(services.value, form.service).map((e) => (
          <option key={e} value={e} />
        ))}
      </datalist>
    </>
  );
}

function Line(props: {
  label: string;
  value: string;
  most: number;
  fault: string | undefined;
  onInput: (text: string) => void;
  autoFocus?: boolean;
  required?: boolean;
  mono?: boolean;
  list?: string;
  placeholder?: string;
  children?: ComponentChildren;
}) {
  const id = useId();
  return (
    <div class="labelled">
      <label>
        {props.label}
        <input
          class={props.mono ? 'field mono' : 'field'}
          autoComplete="off"
          autoFocus={props.autoFocus}
          required={props.required}
          maxLength={props.most}
          list={props.list}
          placeholder={props.placeholder}
          value={props.value}
          aria-invalid={props.fault ? true : undefined}
          aria-describedby={props.fault ? id : undefined}
          onInput={(e) => props.onInput(e.currentTarget.value)}
        />
        {props.children}
      </label>
      {props.fault && (
        <span class="fault small" id={id}>
          {props.fault}
        </span>
      )}
    </div>
  );
}

function Comment(props: { value: string; fault: string | undefined; onInput: (text: string) => void }) {
  const id = useId();
  return (
    <div class="labelled">
      <label>
        What is known
        <textarea
          class="field"
          rows={3}
          maxLength={MOST.comment}
          value={props.value}
          aria-invalid={props.fault ? true : undefined}
          aria-describedby={props.fault ? id : undefined}
          onInput={(e) => props.onInput(e.currentTarget.value)}
        />
        <span class="hint">Optional. It begins the timeline, which customers never read.</span>
      </label>
      {props.fault && (
        <span class="fault small" id={id}>
          {props.fault}
        </span>
      )}
    </div>
  );
}
