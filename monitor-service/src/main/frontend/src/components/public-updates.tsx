import { useState } from 'preact/hooks';
import { call, inDoubt, sentence } from '../api/http';
import type { Incident, PublicWord, StatusUpdate } from '../api/types';
import { drop, keep, kept } from '../lib/drafts';
import type { Loaded } from '../lib/load';
import { PUBLIC_WORDS, publicWord, updateOrder } from '../lib/people';
import { can, readOnly } from '../state/store';
import { Dialog } from './dialog';
import { Fault } from './fault';
import { Icon } from './icon';
import { Ago, At } from './marks';
import { Card } from './states';
import { notify } from './toasts';

const base = (incident: Incident) => `/bff/incident/api/v1/incidents/${incident.id}/status-updates`;

const UNSURE = 'It is not known whether this was published; look at the list before you try again';

/** What customers read about this incident on the status page, and what waits to be told. */
export function PublicUpdates({ incident, updates }: { incident: Incident; updates: Loaded<StatusUpdate[]> }) {
  const [writing, setWriting] = useState<StatusUpdate | 'new' | null>(null);
  const all = (updates.data ?? []).filter((u) => u.state !== 'DISCARDED').sort(updateOrder);
  // The public is also told after the end.
  const may = can('respond') && !readOnly.value && updates.data !== null;
  const act = async (u: StatusUpdate, what: 'publish' | 'discard') => {
    try {
      await call('POST', `${base(incident)}/${u.id}/${what}`, {});
      if (what === 'publish') notify('ok', 'Published on the status page.');
    } catch (e) {
      const certain = what === 'publish' ? 'The update was not published' : 'The update was not discarded';
      notify('bad', `${what === 'publish' && inDoubt(e) ? UNSURE : certain}: ${sentence(e)}`);
    }
    updates.reload();
  };
  return (
    <Card
      class="public"
      title={
        <>
          <Icon name="external" size={14} /> Status page
        </>
      }
      label="Status page updates"
      aside={
        <>
          <span class="tag">Customers read this</span>
          {may && (
            <button type="button" class="button small" onClick={() => setWriting('new')}>
              Write…
            </button>
          )}
        </>
      }
    >
      {updates.error && !updates.data ? (
        <p class="faint">What was told cannot be read: {updates.error}</p>
      ) : !updates.data ? (
        <p class="faint">Loading…</p>
      ) : all.length === 0 ? (
        <p class="faint">Nothing has been told in public.</p>
      ) : (
        <ol class="public-updates">
          {all.map((u) => (
            <li key={u.id} class={u.state === 'DRAFT' ? 'draft' : ''}>
              <p class="entry-head">
                <strong>{PUBLIC_WORDS[u.status] ?? u.status}</strong>
                {u.state === 'DRAFT' && <span class="badge warn">Draft, not told yet</span>}
                <span class="spring" />
                <span class="faint small">
                  {u.publishedAt ? <At iso={u.publishedAt} /> : <Ago iso={u.createdAt} />} ·{' '}
                  {u.by.replace(/^policy:.*/, 'by itself')}
                </span>
              </p>
              <p class="pre">{u.body}</p>
              {may && u.state === 'DRAFT' && (
                <div class="actions start">
                  <button type="button" class="button small primary" onClick={() => void act(u, 'publish')}>
                    Publish
                  </button>
                  <button type="button" class="button small" onClick={() => setWriting(u)}>
                    Edit…
                  </button>
                  <button type="button" class="button small ghost" onClick={() => void act(u, 'discard')}>
                    Discard
                  </button>
                </div>
              )}
            </li>
          ))}
        </ol>
      )}
      {writing && (
        <Write
          incident={incident}
          draft={writing === 'new' ? null : writing}
          onClose={() => setWriting(null)}
          onSaved={updates.reload}
          onDone={() => {
            setWriting(null);
            updates.reload();
          }}
        />
      )}
    </Card>
  );
}

/** Writes an update or edits a draft; what is typed is kept until it is sent. */
function Write(props: {
  incident: Incident;
  draft: StatusUpdate | null;
  onClose: () => void;
  /** Something was kept, or may have been; the list is to be read again. */
  onSaved: () => void;
  onDone: () => void;
}) {
  const { incident, draft } = props;
  const name = `public.${incident.id}.${draft?.id ?? 'new'}`;
  const [status, setStatus] = useState<PublicWord>(draft?.status ?? publicWord(incident.state));
  const [body, setBody] = useState(() => kept(name)?.text ?? draft?.body ?? '');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState('');
  const send = async (publish: boolean) => {
    if (!body.trim() || busy) return;
    setBusy(true);
    setFault('');
    const text = body.trim();
    let saved = false;
    try {
      if (!draft) await call('POST', base(incident), { status, body: text, publish });
      else {
        await call('PUT', `${base(incident)}/${draft.id}`, { status, body: text });
        saved = true;
        props.onSaved();
        if (publish) await call('POST', `${base(incident)}/${draft.id}/publish`, {});
      }
    } catch (e) {
      // Customers are not told twice. What fails before a draft is saved was not published: that is asked for afterwards.
      const unsure = publish && (saved || !draft) && inDoubt(e);
      const how = unsure
        ? UNSURE
        : saved
          ? 'The draft is saved, but not published'
          : 'Nothing was told, your words are still here';
      setFault(`${how}: ${sentence(e)}`);
      if (unsure) props.onSaved();
      return;
    } finally {
      setBusy(false);
    }
    drop(name);
    notify('ok', publish ? 'Published on the status page.' : 'The draft is saved; nobody has been told.');
    props.onDone();
  };
  return (
    <Dialog title={draft ? 'Edit the draft' : 'Tell the public'} onClose={props.onClose}>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault();
          void send(true);
        }}
      >
        <fieldset>
          <legend>How it stands</legend>
          <div class="segments wrap">
            {(Object.keys(PUBLIC_WORDS) as PublicWord[]).map((w) => (
              <button key={w} type="button" aria-pressed={status === w} onClick={() => setStatus(w)}>
                {PUBLIC_WORDS[w]}
              </button>
            ))}
          </div>
        </fieldset>
        <label>
          What customers read
          <textarea
            class="field"
            required
            autoFocus
            rows={4}
            maxLength={4000}
            value={body}
            onInput={(e) => {
              setBody(e.currentTarget.value);
              keep(name, e.currentTarget.value);
            }}
          />
          <span class="hint">
            What it means for them, and when you will write again. Nothing of the inside: it is public and cannot be
            taken back.
          </span>
        </label>
        <Fault text={fault} />
        <div class="actions">
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="button" class="button" disabled={busy || !body.trim()} onClick={() => void send(false)}>
            Save as draft
          </button>
          <button type="submit" class="button primary" disabled={busy || !body.trim()}>
            Publish
          </button>
        </div>
      </form>
    </Dialog>
  );
}
