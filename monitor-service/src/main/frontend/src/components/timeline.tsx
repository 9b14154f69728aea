import { useState } from 'preact/hooks';
import { call, sentence } from '../api/http';
import type { Incident, TimelineEntry, TimelineKind } from '../api/types';
import { drop, keep, kept } from '../lib/drafts';
import { clock, utc, words } from '../lib/format';
import { can, now, readOnly } from '../state/store';
import { Icon, type IconName } from './icon';
import { Markdown } from './markdown';
import { Card, Failed, Skeleton } from './states';
import { notify } from './toasts';

const KINDS: Record<TimelineKind, { icon: IconName; tone: string; word: string }> = {
  SIGNAL_FIRED: { icon: 'incident', tone: 'bad', word: 'Signal' },
  SIGNAL_CLEARED: { icon: 'ok', tone: 'ok', word: 'Cleared' },
  STATE_CHANGED: { icon: 'arrow', tone: 'info', word: 'State' },
  CHANGE_EVENT: { icon: 'chaos', tone: 'change', word: 'Change' },
  ANNOTATION: { icon: 'note', tone: 'idle', word: 'Note' },
  ANALYSIS: { icon: 'bulb', tone: 'info', word: 'Analysis' },
  REMEDIATION: { icon: 'wrench', tone: 'info', word: 'Remediation' },
  NOTIFICATION: { icon: 'bell', tone: 'idle', word: 'Notification' },
  ESCALATION: { icon: 'user', tone: 'warn', word: 'Escalation' },
  STATUS_UPDATE: { icon: 'send', tone: 'idle', word: 'Status page' },
};

const GROUPS: { title: string; kinds: TimelineKind[] }[] = [
  { title: 'Signals', kinds: ['SIGNAL_FIRED', 'SIGNAL_CLEARED'] },
  { title: 'States', kinds: ['STATE_CHANGED'] },
  { title: 'Changes', kinds: ['CHANGE_EVENT'] },
  { title: 'Analysis', kinds: ['ANALYSIS'] },
  { title: 'Notes', kinds: ['ANNOTATION'] },
  { title: 'Actions', kinds: ['REMEDIATION', 'NOTIFICATION', 'ESCALATION'] },
  { title: 'Public', kinds: ['STATUS_UPDATE'] },
];

/** The text of a note: the whole of it may be in the data, the summary being its beginning. */
export function noteText(entry: TimelineEntry): string {
  const text = entry.data?.['text'] ?? entry.data?.['markdown'];
  return typeof text === 'string' && text ? text : entry.summary;
}

function who(entry: TimelineEntry): string {
  const { type, name } = entry.actor;
  return type === 'SERVICE' ? `${name}-service`.replace(/-service-service$/, '-service') : name;
}

/** What happened, newest first, live; filtered by kind. */
export function Timeline(props: {
  entries: readonly TimelineEntry[] | null;
  error: string | null;
  retry: () => void;
  incident: Incident;
}) {
  const [group, setGroup] = useState<string | null>(null);
  const kinds = GROUPS.find((g) => g.title === group)?.kinds;
  const present = new Set((props.entries ?? []).map((e) => e.kind));
  const shown = (props.entries ?? []).filter((e) => !kinds || kinds.includes(e.kind)).toReversed();
  return (
    <Card title="Timeline" class="timeline-card" aside={<span class="faint small">Newest first</span>}>
      <Annotate incident={props.incident} />
      <div class="segments wrap" role="group" aria-label="Show">
        <button type="button" aria-pressed={group === null} onClick={() => setGroup(null)}>
          All
        </button>
        {GROUPS.filter((g) => g.kinds.some((k) => present.has(k))).map((g) => (
          <button key={g.title} type="button" aria-pressed={group === g.title} onClick={() => setGroup(g.title)}>
            {g.title}
          </button>
        ))}
      </div>
      {props.error && !props.entries ? (
        <Failed what="The timeline cannot be read" error={props.error} retry={props.retry} />
      ) : !props.entries ? (
        <Skeleton rows={5} label="Loading the timeline" />
      ) : (
        <ol class="timeline" aria-label="Timeline entries">
          {shown.map((e) => (
            <Entry key={e.seq} entry={e} />
          ))}
          {shown.length === 0 && <li class="faint">Nothing of this kind yet.</li>}
        </ol>
      )}
    </Card>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const kind = KINDS[entry.kind] ?? { icon: 'note', tone: 'idle', word: words(entry.kind) };
  const at = Date.parse(entry.ts);
  return (
    <li class={`entry ${kind.tone}`}>
      <span class="entry-mark">
        <Icon name={kind.icon} size={13} />
      </span>
      <div class="entry-body">
        <p class="entry-head">
          <strong>{kind.word}</strong>
          <span class="faint">{who(entry)}</span>
          <span class="spring" />
          <time class="faint num" dateTime={entry.ts} title={utc(at)}>
            {clock(at, now.value)}
          </time>
        </p>
        {entry.kind === 'ANNOTATION' ? <Markdown source={noteText(entry)} /> : <p class="pre">{entry.summary}</p>}
      </div>
    </li>
  );
}

function Annotate({ incident }: { incident: Incident }) {
  const draft = `note.${incident.id}`;
  const [text, setText] = useState(() => kept(draft)?.text ?? '');
  const [busy, setBusy] = useState(false);
  if (!can('respond') || readOnly.value) return null;
  const send = async (e: Event) => {
    e.preventDefault();
    if (!text.trim() || busy) return;
    setBusy(true);
    try {
      await call('POST', `/bff/incident/api/v1/incidents/${incident.id}/annotations`, { text: text.trim() });
      setText('');
      drop(draft);
    } catch (failed) {
      notify('bad', `The note was not saved: ${sentence(failed)}`);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="annotate" onSubmit={send}>
      <textarea
        class="field"
        aria-label="Internal note (Markdown)"
        placeholder="Internal note, never public (Markdown)"
        maxLength={10_000}
        rows={text ? 4 : 1}
        value={text}
        onInput={(e) => {
          setText(e.currentTarget.value);
          keep(draft, e.currentTarget.value);
        }}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void send(e);
        }}
      />
      <button type="submit" class="button" disabled={busy || !text.trim()}>
        Add note
      </button>
    </form>
  );
}
