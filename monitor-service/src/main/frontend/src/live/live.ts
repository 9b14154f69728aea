import { signal } from '@preact/signals';
import { Client, type IMessage, ReconnectionTimeMode, type StompSubscription } from '@stomp/stompjs';
import { isRecord } from '../api/http';
import { serverNow } from '../state/clock';
import { type Connection, judge, missed, connection as step } from './sequence';

/** The one STOMP connection of the page: topics in, reconnecting by itself, telling its users what they missed. */

export interface Listener {
  /** A message in order; repeated ones are left out. */
  message(body: Record<string, unknown>): void;
  /** Messages since `since` (milliseconds, when the last one came; null when none did) are lost: ask the history. */
  missed?(since: number | null): void;
}

interface Topic {
  destination: string;
  listeners: Set<Listener>;
  lastSeq: number | null;
  lastAt: number | null;
  subscription: StompSubscription | null;
}

export const connection = signal<Connection>({ state: 'connecting' });

/** Called after every reconnect, when what is not pushed again has to be read again. */
export const reconnected = new Set<() => void>();
/** Called when the connection has been gone for long: the session may be over. */
export const interrupted = new Set<() => void>();

const topics = new Map<string, Topic>();
let wasLive = false;
/** When the last frame came, by the server's clock: a lost connection has told nothing since. */
let lastFrameAt = 0;

const client = new Client({
  brokerURL: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`,
  reconnectDelay: 500,
  maxReconnectDelay: 8000,
  reconnectTimeMode: ReconnectionTimeMode.EXPONENTIAL,
  connectionTimeout: 5000,
  heartbeatIncoming: 10_000,
  // Browsers let the timers of a tab in the background run once a minute, and the server would take it for gone. With
  // none it asks by a ping of the WebSocket, which the browser answers without a timer.
  heartbeatOutgoing: 0,
  onConnect: () => {
    const again = wasLive;
    wasLive = true;
    lastFrameAt = serverNow();
    connection.value = step(connection.value, { type: 'up', at: lastFrameAt });
    for (const topic of topics.values()) attach(topic);
    if (again) for (const f of reconnected) f();
  },
  onWebSocketClose: () => {
    for (const topic of topics.values()) topic.subscription = null;
    connection.value = step(connection.value, {
      type: 'down',
      at: connection.value.state === 'live' ? lastFrameAt : serverNow(),
    });
  },
});

function attach(topic: Topic): void {
  const headers: Record<string, string> = {};
  if (topic.lastSeq !== null) headers['since-seq'] = String(topic.lastSeq);
  topic.subscription = client.subscribe(topic.destination, (m) => receive(topic, m), headers);
}

function receive(topic: Topic, message: IMessage): void {
  lastFrameAt = serverNow();
  let body: unknown;
  try {
    body = JSON.parse(message.body);
  } catch {
    console.warn('unreadable message on', topic.destination);
    return;
  }
  if (!isRecord(body)) return;
  if (body['reset'] === true) {
    const since = topic.lastAt;
    topic.lastSeq = null;
    for (const l of topic.listeners) l.missed?.(since);
    return;
  }
  const seq = typeof body['seq'] === 'number' ? body['seq'] : undefined;
  const verdict = judge(topic.lastSeq, seq);
  if (verdict === 'duplicate') return;
  const since = topic.lastAt;
  if (seq !== undefined) topic.lastSeq = seq;
  topic.lastAt = Date.now();
  for (const l of topic.listeners) {
    l.message(body);
    if (missed(verdict)) l.missed?.(since);
  }
}

/** Listens to a topic until the returned function is called. Several listeners share one subscription. */
export function listen(destination: string, listener: Listener): () => void {
  let topic = topics.get(destination);
  if (!topic) {
    topic = { destination, listeners: new Set(), lastSeq: null, lastAt: null, subscription: null };
    topics.set(destination, topic);
  }
  const t = topic;
  t.listeners.add(listener);
  if (client.connected && !t.subscription) attach(t);
  return () => {
    t.listeners.delete(listener);
    if (t.listeners.size > 0) return;
    if (client.connected) t.subscription?.unsubscribe();
    topics.delete(destination);
  };
}

/** Opens the connection and keeps it open. */
export function start(): void {
  client.activate();
  setInterval(() => {
    const before = connection.value;
    connection.value = step(before, { type: 'tick', at: serverNow() });
    if (connection.value.state === 'interrupted' && before.state !== 'interrupted') for (const f of interrupted) f();
  }, 1000);
}
