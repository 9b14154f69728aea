import { useEffect, useState } from 'preact/hooks';
import { call } from '../api/http';
import type { ChannelStatus, Notification } from '../api/types';
import { Dialog } from '../components/dialog';
import { Icon } from '../components/icon';
import { Ago, At, Status, type Tone } from '../components/marks';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { TableScroll } from '../components/table-scroll';
import { notify } from '../components/toasts';
import { countdown, plural, words } from '../lib/format';
import { useLoad } from '../lib/load';
import { type Delivery, deliveryOf, mayDrop, mayRetry, readNotifications } from '../lib/notifications';
import { useSettled } from '../lib/settle';
import { useTitle } from '../lib/title';
import { listen } from '../live/live';
import { attempt } from '../state/actions';
import { can, now, readOnly, waitingAlerts } from '../state/store';

const TONE: Record<Delivery, Tone> = { waiting: 'warn', sent: 'ok', dead: 'bad', skipped: 'idle', dropped: 'idle' };
const WORD: Record<Delivery, string> = {
  waiting: 'Waiting',
  sent: 'Delivered',
  dead: 'Failed',
  skipped: 'Not sent',
  dropped: 'Dropped',
};
const KIND_WORDS: Record<string, string> = {
  OPENED: 'Incident opened',
  EDIT: 'Card updated',
  RESOLVED: 'Incident resolved',
  ESCALATION: 'Nobody took it up',
  WORSE: 'It got worse',
  TEST: 'Trial message',
};

const SHOWN: [string, string, (d: Delivery) => boolean][] = [
  ['all', 'All', () => true],
  ['waiting', 'Waiting', (d) => d === 'waiting'],
  ['failed', 'Failed', (d) => d === 'dead'],
  ['sent', 'Delivered', (d) => d === 'sent'],
];

/** What was told to whom, what waits, and why. */
export function NotificationsPage() {
  useTitle('Notifications');
  const log = useLoad(readNotifications, []);
  const [show, setShow] = useState('all');
  const [dropping, setDropping] = useState<Notification | null>(null);
  const { reload } = log;
  const soon = useSettled(reload);
  useEffect(() => listen('/topic/incidents', { message: soon, missed: soon }), [soon]);
  const all = log.data?.items ?? [];
  const unseen = log.data?.unseen ?? 0;
  const waiting = all.filter((n) => deliveryOf(n.state) === 'waiting');
  // What is due now is being sent: it is read again a moment later.
  const due = waiting.some(
    (n) => n.dueAt && Date.parse(n.dueAt) + 2000 < now.value && now.value < Date.parse(n.dueAt) + 10_000,
  );
  useEffect(() => {
    if (due) reload();
  }, [due, reload]);
  const fits = SHOWN.find(([name]) => name === show)?.[2] ?? (() => true);
  const list = all.filter((n) => fits(deliveryOf(n.state)));
  const retry = async (n: Notification) => {
    const done = await attempt('It was not tried again', async () => {
      await call('POST', `/bff/incident/api/v1/notifications/${n.id}/retry`, {});
      return true;
    });
    if (done) notify('ok', `It is being sent to ${n.channel} again.`);
    reload();
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>Notifications</h1>
        {log.data && (
          <Status tone={waiting.length > 0 ? 'warn' : 'ok'}>
            {waiting.length > 0 ? `${plural(waiting.length + unseen, 'notification')} waiting` : 'Nothing waits'}
          </Status>
        )}
        <span class="spring" />
        <button type="button" class="button" onClick={log.reload}>
          Refresh
        </button>
        <p class="lead">
          Each is delivered once, in order for each incident. What cannot be delivered now waits and is sent later.
        </p>
      </header>
      {waitingAlerts.value
        .filter((a) => a.waiting > 0)
        .map((a) => (
          <div key={a.channel} class={`inset ${a.broken ? 'bad' : 'warn'}`} role="status">
            <Icon name="warn" />
            <p>
              {plural(a.waiting, 'service-down alert')} of monitor {a.waiting === 1 ? 'waits' : 'wait'} for {a.channel}
              {a.broken && ', which is broken'}
              {a.lastError && `: ${a.lastError}`}.{' '}
              {a.broken
                ? 'Give the channel another address. This one is tried again once an hour.'
                : `${a.waiting === 1 ? 'It is' : 'They are'} sent as soon as the channel takes ${a.waiting === 1 ? 'it' : 'them'}.`}
            </p>
          </div>
        ))}
      {log.error && !log.data ? (
        <Failed what="The notifications cannot be read" error={log.error} retry={log.reload} />
      ) : !log.data ? (
        <Skeleton rows={5} label="Loading the notifications" />
      ) : (
        <>
          <Channels channels={log.data.channels} />
          <Card
            class={`flush${log.error ? ' stale' : ''}`}
            title="Messages"
            aside={
              <div class="segments" role="group" aria-label="Show">
                {SHOWN.map(([name, title]) => (
                  <button key={name} type="button" aria-pressed={show === name} onClick={() => setShow(name)}>
                    {title}
                  </button>
                ))}
              </div>
            }
          >
            {all.length === 0 ? (
              <Empty icon="bell" title="Nobody has been told anything yet">
                Notifications need a channel: set <code>DISCORD_WEBHOOK_URL</code>, then <code>./watchtower down</code>{' '}
                and <code>up</code> (in containers <code>docker compose up -d</code>).
              </Empty>
            ) : list.length === 0 ? (
              <p class="pad faint">None of these.</p>
            ) : (
              <>
                {unseen > 0 && (
                  <p class="pad faint">
                    {plural(unseen, 'older message')} that {unseen === 1 ? 'waits is' : 'wait are'} not in this list.
                  </p>
                )}
                <TableScroll label="Messages">
                  <table class="table stacked">
                    <thead>
                      <tr>
                        <th scope="col">State</th>
                        <th scope="col">What</th>
                        <th scope="col">Channel</th>
                        <th scope="col">Created</th>
                        <th scope="col">Attempts</th>
                        <th scope="col">Why, and what next</th>
                        <th scope="col">
                          <span class="visually-hidden">Actions</span>
                        </th>
                      </tr>
                    </thead>
                    <tbody>
                      {list.map((n) => (
                        <Row key={n.id} notification={n} retry={() => void retry(n)} drop={() => setDropping(n)} />
                      ))}
                    </tbody>
                  </table>
                </TableScroll>
              </>
            )}
          </Card>
        </>
      )}
      {dropping && (
        <DropDialog
          notification={dropping}
          onClose={() => setDropping(null)}
          onDone={() => {
            setDropping(null);
            reload();
          }}
        />
      )}
    </div>
  );
}

/** A message that is not to be sent any more, and why. */
function DropDialog(props: { notification: Notification; onClose: () => void; onDone: () => void }) {
  const { notification: n } = props;
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const send = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    const done = await attempt('It was not dropped', async () => {
      await call('POST', `/bff/incident/api/v1/notifications/${n.id}/drop`, { reason: reason.trim() });
      return true;
    });
    setBusy(false);
    if (done) props.onDone();
  };
  return (
    <Dialog title="Drop this message" onClose={props.onClose}>
      <form class="form" onSubmit={send}>
        <p>
          “{KIND_WORDS[n.kind] ?? words(n.kind)}”{typeof n.number === 'number' && n.number > 0 && ` of #${n.number}`} is
          not sent to {n.channel} any more. That cannot be taken back; it stays on record with your reason.
        </p>
        {n.mayHaveArrived && (
          <p class="text-2">An earlier attempt got no answer and may have arrived: {n.channel} may have it already.</p>
        )}
        <label>
          Reason
          <input
            class="field"
            required
            autoFocus
            maxLength={1000}
            value={reason}
            onInput={(e) => setReason(e.currentTarget.value)}
          />
        </label>
        <div class="actions">
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" class="button danger" disabled={busy || !reason.trim()}>
            Drop it
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const CHANNEL: Record<string, { tone: Tone; word: string }> = {
  OK: { tone: 'ok', word: 'Working' },
  NOT_CONFIGURED: { tone: 'idle', word: 'Not configured' },
  BROKEN: { tone: 'bad', word: 'Broken' },
};

/** What it holds up says since when; its messages are tried again by themselves. */
const HELD_UP = { tone: 'warn' as Tone, word: 'Messages wait' };

/** How it stands with each channel, and what to do where it does not work. */
function Channels({ channels }: { channels: readonly ChannelStatus[] }) {
  if (channels.length === 0) return null;
  return (
    <Card class="flush" label="Channels">
      <ul class="parts">
        {channels.map((c) => {
          const heldUp = c.state === 'OK' && Boolean(c.since);
          const state = heldUp ? HELD_UP : (CHANNEL[c.state] ?? { tone: 'idle' as const, word: words(c.state) });
          return (
            <li key={c.name} class={`part ${c.state === 'BROKEN' ? 'down' : ''}`}>
              <Status tone={state.tone}>
                <strong>{c.name}</strong>
              </Status>
              <span class="faint small">
                {state.word}
                {c.since && (
                  <>
                    {' since '}
                    <At iso={c.since} />
                  </>
                )}
                {c.waiting > 0 && ` · ${plural(c.waiting, 'notification')} waiting`}
                {c.reason && <span class="block">{c.reason}</span>}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Row(props: { notification: Notification; retry: () => void; drop: () => void }) {
  const { notification: n } = props;
  const delivery = deliveryOf(n.state);
  const open = delivery === 'waiting' || delivery === 'dead';
  const may = can('respond') && !readOnly.value;
  const due = n.dueAt ? Date.parse(n.dueAt) - now.value : Number.NaN;
  return (
    <tr>
      <td>
        <Status tone={TONE[delivery]}>{WORD[delivery]}</Status>
      </td>
      <td>
        {n.incidentId ? (
          <a href={`/incidents/${n.incidentId}`}>
            {typeof n.number === 'number' && n.number > 0 && `#${n.number} `}
            {KIND_WORDS[n.kind] ?? words(n.kind)}
          </a>
        ) : (
          (KIND_WORDS[n.kind] ?? words(n.kind))
        )}
        {n.about && <span class="faint small block">{n.about}</span>}
      </td>
      <td>{n.channel}</td>
      <td class="num">
        <Ago iso={n.createdAt} />
      </td>
      <td data-label="attempts">{n.attempt}</td>
      <td>
        {n.reason ?? (open ? n.lastError : null)}
        {open && n.reason && n.lastError && n.lastError !== n.reason && (
          <span class="faint block small">{n.lastError}</span>
        )}
        {delivery === 'waiting' && n.mayHaveArrived && (
          <span class="faint block small">an earlier attempt may have arrived</span>
        )}
        {delivery === 'waiting' && Number.isFinite(due) && (
          <span class="faint block small">{due > 0 ? `next attempt in ${countdown(due)}` : 'next attempt now'}</span>
        )}
        {delivery === 'sent' && n.doneAt && (
          <span class="faint">
            {' '}
            at <At iso={n.doneAt} />
          </span>
        )}
      </td>
      <td class="right">
        {may && (
          <span class="actions">
            {mayRetry(n.state) && (
              <button type="button" class="button small" onClick={props.retry}>
                {delivery === 'waiting' ? 'Try now' : delivery === 'dropped' ? 'Send after all' : 'Try again'}
              </button>
            )}
            {mayDrop(n.state) && (
              <button type="button" class="button small ghost" onClick={props.drop}>
                Drop…
              </button>
            )}
          </span>
        )}
      </td>
    </tr>
  );
}
