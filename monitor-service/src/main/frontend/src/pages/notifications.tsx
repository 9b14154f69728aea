import { call, isRecord, itemsOf } from '../api/http';
import type { ChannelStatus, Notification } from '../api/types';
import { Icon } from '../components/icon';
import { Ago, At, Status, type Tone } from '../components/marks';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { countdown, plural, words } from '../lib/format';
import { useLoad } from '../lib/load';
import { useTitle } from '../lib/title';
import { now, waitingAlerts } from '../state/store';

export type Delivery = 'waiting' | 'sent' | 'dead' | 'skipped';

export function deliveryOf(state: string): Delivery {
  if (/DELIVERED$|DONE|SENT$/i.test(state)) return 'sent';
  if (/SKIP/i.test(state)) return 'skipped';
  return /DEAD|FAIL|GONE|DROPPED|EXPIRED|DISABLED/i.test(state) ? 'dead' : 'waiting';
}

/** A notification from what the service sends. */
export function readNotification(body: Record<string, unknown>): Notification {
  const text = (...keys: string[]) => {
    for (const k of keys) if (typeof body[k] === 'string' && body[k]) return body[k] as string;
    return null;
  };
  const attempt = body['attempt'] ?? body['attempts'];
  return {
    id: text('id') ?? '',
    channel: text('channel') ?? '',
    kind: text('kind', 'topic', 'event') ?? '',
    about: text('about'),
    incidentId: text('incidentId', 'incident'),
    number: typeof body['number'] === 'number' ? body['number'] : null,
    state: text('state', 'status') ?? 'PENDING',
    attempt: typeof attempt === 'number' ? attempt : 0,
    reason: text('why', 'reason', 'lastError'),
    createdAt: text('createdAt', 'at') ?? '',
    dueAt: text('dueAt'),
    doneAt: text('doneAt'),
  };
}

const TONE: Record<Delivery, Tone> = { waiting: 'warn', sent: 'ok', dead: 'bad', skipped: 'idle' };
const WORD: Record<Delivery, string> = { waiting: 'Waiting', sent: 'Delivered', dead: 'Failed', skipped: 'Not sent' };
const KIND_WORDS: Record<string, string> = {
  OPENED: 'Incident opened',
  EDIT: 'Card updated',
  RESOLVED: 'Incident resolved',
};

/** What was told to whom, what waits, and why. */
export function NotificationsPage() {
  useTitle('Notifications');
  const log = useLoad(async () => {
    const body = await call('GET', '/bff/incident/api/v1/notifications?limit=100');
    return {
      items: itemsOf<Record<string, unknown>>(body).map(readNotification),
      channels: isRecord(body) ? itemsOf<ChannelStatus>(body['channels']) : [],
    };
  }, []);
  const all = (log.data?.items ?? []).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const waiting = all.filter((n) => deliveryOf(n.state) === 'waiting');
  return (
    <div class="page">
      <header class="page-head">
        <h1>Notifications</h1>
        {log.data && (
          <Status tone={waiting.length > 0 ? 'warn' : 'ok'}>
            {waiting.length > 0 ? `${plural(waiting.length, 'notification')} waiting` : 'Nothing waits'}
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
          <div key={a.channel} class="inset warn" role="status">
            <Icon name="warn" />
            <p>
              {plural(a.waiting, 'service-down alert')} of monitor wait for {a.channel}
              {a.lastError && `: ${a.lastError}`}. They are sent as soon as it takes them.
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
          <Card class="flush" label="Notifications">
            {all.length === 0 ? (
              <Empty icon="bell" title="Nobody has been told anything yet">
                Notifications need a channel: set <code>DISCORD_WEBHOOK_URL</code> and restart.
              </Empty>
            ) : (
              <div class="table-scroll">
                <table class="table">
                  <thead>
                    <tr>
                      <th scope="col">State</th>
                      <th scope="col">What</th>
                      <th scope="col">Channel</th>
                      <th scope="col">Created</th>
                      <th scope="col">Attempts</th>
                      <th scope="col">Why, and what next</th>
                    </tr>
                  </thead>
                  <tbody>
                    {all.map((n) => (
                      <Row key={n.id} notification={n} />
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </Card>
        </>
      )}
    </div>
  );
}

const CHANNEL: Record<string, { tone: Tone; word: string }> = {
  OK: { tone: 'ok', word: 'Working' },
  NOT_CONFIGURED: { tone: 'idle', word: 'Not configured' },
  BROKEN: { tone: 'bad', word: 'Broken' },
};

/** How it stands with each channel, and what to do where it does not work. */
function Channels({ channels }: { channels: readonly ChannelStatus[] }) {
  if (channels.length === 0) return null;
  return (
    <Card class="flush" label="Channels">
      <ul class="parts">
        {channels.map((c) => {
          const state = CHANNEL[c.state] ?? { tone: 'idle' as const, word: words(c.state) };
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

function Row({ notification: n }: { notification: Notification }) {
  const delivery = deliveryOf(n.state);
  const due = n.dueAt ? Date.parse(n.dueAt) - now.value : Number.NaN;
  return (
    <tr>
      <td>
        <Status tone={TONE[delivery]}>{WORD[delivery]}</Status>
      </td>
      <td>
        {n.incidentId ? (
          <a href={`/incidents/${n.incidentId}`}>
            {typeof n.number === 'number' && `#${n.number} `}
            {KIND_WORDS[n.kind] ?? words(n.kind)}
          </a>
        ) : (
          words(n.kind)
        )}
        {n.about && <span class="faint small block">{n.about}</span>}
      </td>
      <td>{n.channel}</td>
      <td class="num">
        <Ago iso={n.createdAt} />
      </td>
      <td>{n.attempt}</td>
      <td>
        {n.reason}
        {delivery === 'waiting' && Number.isFinite(due) && (
          <span class="faint block small">{due > 0 ? `next attempt in ${countdown(due)}` : 'next attempt now'}</span>
        )}
        {delivery === 'sent' && n.doneAt && (
          <span class="faint">
            at <At iso={n.doneAt} />
          </span>
        )}
      </td>
    </tr>
  );
}
