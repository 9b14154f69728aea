import { useState } from 'preact/hooks';
import type { Incident, IncidentEvent, TimelineEntry } from '../api/types';
import { choices, EVENT_WORDS, stepper } from '../lib/analysis';
import { words } from '../lib/format';
import { transition } from '../state/actions';
import { can, readOnly } from '../state/store';
import { Dialog } from './dialog';
import { Icon } from './icon';
import { At, Hidden } from './marks';

const PHASE_WORDS = { past: 'passed', now: 'now', skipped: 'skipped', ahead: 'not yet' } as const;

/** The lifecycle as steps, and the events that are possible now as buttons; nothing else can be pressed. */
export function Lifecycle({ incident, timeline }: { incident: Incident; timeline: readonly TimelineEntry[] }) {
  const [asked, setAsked] = useState<IncidentEvent | null>(null);
  const [busy, setBusy] = useState(false);
  const possible = choices(incident.allowedEvents);
  const allowed = can('respond') && !readOnly.value;
  const send = async (event: IncidentEvent, comment: string) => {
    setBusy(true);
    await transition(incident, event, comment);
    setBusy(false);
    setAsked(null);
  };
  return (
    <section class="lifecycle" aria-label="Lifecycle">
      <ol class="stepper">
        {stepper(incident.state, incident.openedAt, timeline).map((s) => (
          <li key={s.state} class={s.phase} aria-current={s.phase === 'now' ? 'step' : undefined}>
            <span class="stepper-mark" aria-hidden="true">
              {(s.phase === 'past' || (s.phase === 'now' && s.state === 'RESOLVED')) && <Icon name="check" size={11} />}
            </span>
            <span class="stepper-name">{words(s.state)}</span>
            <span class="faint small num">
              {s.at ? <At iso={s.at} /> : s.phase === 'skipped' ? 'skipped' : ''}
              <Hidden> {PHASE_WORDS[s.phase]}</Hidden>
            </span>
          </li>
        ))}
      </ol>
      {allowed && possible.length > 0 && (
        <div class="lifecycle-actions">
          {possible.map((event, i) => (
            <button
              key={event}
              type="button"
              class={`button ${i === 0 ? 'primary' : ''} ${event === 'DISMISS' ? 'ghost danger-quiet' : ''}`}
              disabled={busy}
              onClick={() => (event === 'ACKNOWLEDGE' ? void send(event, '') : setAsked(event))}
            >
              {EVENT_WORDS[event].verb}
              {event === 'ACKNOWLEDGE' && <kbd class="wide-only">a</kbd>}
            </button>
          ))}
        </div>
      )}
      {!allowed && possible.length > 0 && (
        <p class="faint small">
          {readOnly.value
            ? 'Read-only while incident-service is down. It comes back by itself.'
            : 'You may look, but not change: that needs the role RESPONDER.'}
        </p>
      )}
      {incident.state === 'RESOLVED' && (
        <p class="faint small">
          Resolved: nothing about this incident can be changed any more. What was learnt stands in its{' '}
          <a href={`/incidents/${incident.id}/postmortem`}>postmortem</a>.
        </p>
      )}
      {asked && <Ask event={asked} busy={busy} onClose={() => setAsked(null)} onSend={(c) => void send(asked, c)} />}
    </section>
  );
}

function Ask(props: { event: IncidentEvent; busy: boolean; onClose: () => void; onSend: (comment: string) => void }) {
  const [comment, setComment] = useState('');
  const needed = props.event === 'DISMISS';
  const { verb, means } = EVENT_WORDS[props.event];
  return (
    <Dialog title={verb} onClose={props.onClose}>
      <form
        class="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (!needed || comment.trim()) props.onSend(comment);
        }}
      >
        <p>{means}</p>
        <label>
          {needed ? 'Reason' : 'Comment'}
          <textarea
            class="field"
            required={needed}
            maxLength={2000}
            autoFocus
            value={comment}
            onInput={(e) => setComment(e.currentTarget.value)}
          />
          <span class="hint">
            {needed ? 'Required: why is it a false alarm?' : 'Optional; it goes on the timeline.'}
          </span>
        </label>
        <div class="actions">
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          <button
            type="submit"
            class={`button ${props.event === 'DISMISS' ? 'danger' : 'primary'}`}
            disabled={props.busy || (needed && !comment.trim())}
          >
            {verb}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
