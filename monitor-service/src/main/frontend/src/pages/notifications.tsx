import { call, itemsOf } from '../api/http';
import type { Notification } from '../api/types';
import { Ago, At, Status, type Tone } from '../components/marks';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { countdown, plural, words } from '../lib/format';
import { useLoad } from '../lib/load';
import { useTitle } from '../lib/title';
import { now } from '../state/store';

export type Delivery = 'waiting' | 'sent' | 'dead';

export function deliveryOf(state: string): Delivery {
  if (/DELIVER(ED)?$|DONE|SENT/i.test(state)) return 'sent';
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
    incidentId: text('incidentId', 'incident', 'key'),
    state: text('state', 'status') ?? 'PENDING',
    attempt: typeof attempt === 'number' ? attempt : 0,
    reason: text('reason', 'lastError', 'error', 'detail'),
    createdAt: text('createdAt', 'at') ?? '',
    dueAt: text('dueAt', 'nextAttemptAt', 'waitsUntil'),
    doneAt: text('doneAt', 'deliveredAt', 'sentAt'),
  };
}

const TONE: Record<Delivery, Tone> = { waiting: 'warn', sent: 'ok', dead: 'bad' };
const WORD: Record<Delivery, string> = { waiting: 'Waiting', sent: 'Delivered', dead: 'Given up' };

/** What was told to whom, what waits, and why. */
export function NotificationsPage() {
  useTitle('Notifications');
  const log = useLoad(
    async () =>
      itemsOf<Record<string, unknown>>(await call('GET', '/bff/incident/api/v1/notifications')).map(readNotification),
    [],
  );
  const all = (log.data ?? []).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
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
      {log.error && !log.data ? (
        <Failed what="The notifications cannot be read" error={log.error} retry={log.reload} />
      ) : !log.data ? (
        <Skeleton rows={5} label="Loading the notifications" />
      ) : (
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
      )}
    </div>
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
      <td>{n.incidentId ? <a href={`/incidents/${n.incidentId}`}>{words(n.kind)}</a> : words(n.kind)}</td>
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
