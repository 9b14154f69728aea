import { call, isRecord, itemsOf } from '../api/http';
import type { ChannelStatus, Notification } from '../api/types';

export type Delivery = 'waiting' | 'sent' | 'dead' | 'skipped' | 'dropped';

export function deliveryOf(state: string): Delivery {
  if (/DELIVERED$|DONE|SENT$/i.test(state)) return 'sent';
  if (/SKIP/i.test(state)) return 'skipped';
  if (/DROPPED/i.test(state)) return 'dropped';
  return /DEAD|FAIL|GONE|EXPIRED|DISABLED/i.test(state) ? 'dead' : 'waiting';
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
    reason: text('why', 'reason'),
    lastError: text('lastError'),
    mayHaveArrived: body['mayHaveArrived'] === true,
    createdAt: text('createdAt', 'at') ?? '',
    dueAt: text('nextAttemptAt', 'dueAt'),
    doneAt: text('doneAt'),
  };
}

/** What the service lets people do with a message in that state. */
export function mayRetry(state: string): boolean {
  return ['WAITING', 'SENDING', 'FAILED', 'DROPPED'].includes(state);
}

/** Only what waits can be dropped: what is being sent may have arrived, and the rest is settled. */
export function mayDrop(state: string): boolean {
  return state === 'WAITING';
}

export interface NotificationLog {
  /** The newest first. */
  items: Notification[];
  channels: ChannelStatus[];
  /** How many wait that are not among them. */
  unseen: number;
}

/** What needs somebody is read for itself: it may be older than a hundred messages that arrived. */
const OPEN_STATES = ['WAITING', 'SENDING', 'FAILED'];
const MOST = 200;

/** The newest messages, and all that wait or failed, at most 200 of each state. */
export async function readNotifications(): Promise<NotificationLog> {
  const path = '/bff/incident/api/v1/notifications';
  const [newest, ...open] = await Promise.all([
    call('GET', `${path}?limit=100`),
    ...OPEN_STATES.map((state) => call('GET', `${path}?state=${state}&limit=${MOST}`)),
  ]);
  return merged(newest, open);
}

/** The pages as one list, each message once, as the last page that has it says. */
export function merged(newest: unknown, open: readonly unknown[]): NotificationLog {
  const known = new Map<string, Notification>();
  for (const page of [newest, ...open])
    for (const n of itemsOf<Record<string, unknown>>(page).map(readNotification)) known.set(n.id, n);
  const items = [...known.values()].toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
  const channels = isRecord(newest) ? itemsOf<ChannelStatus>(newest['channels']) : [];
  const waiting = items.filter((n) => deliveryOf(n.state) === 'waiting').length;
  const all = channels.reduce((sum, c) => sum + c.waiting, 0);
  const isCut = open.some((page) => isRecord(page) && Boolean(page['next']));
  return { items, channels, unseen: isCut ? Math.max(0, all - waiting) : 0 };
}
