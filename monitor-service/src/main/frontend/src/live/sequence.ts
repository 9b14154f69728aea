/**
 * What a message's sequence number says about those before it. The server counts from 1 for each destination and
 * starts again at 1 after its own restart; after a reconnect it replays what is still in its buffer, or says `reset`.
 */
export type Verdict = 'first' | 'next' | 'duplicate' | 'gap' | 'restart';

export function judge(last: number | null, seq: number | undefined): Verdict {
  if (seq === undefined || !Number.isFinite(seq)) return 'next';
  if (last === null) return 'first';
  if (seq === last) return 'duplicate';
  if (seq === last + 1) return 'next';
  return seq > last ? 'gap' : 'restart';
}

/** Whether the history has to be asked for what was missed. */
export function missed(verdict: Verdict): boolean {
  return verdict === 'gap' || verdict === 'restart';
}

export type Connection =
  | { state: 'connecting' }
  | { state: 'live'; since: number }
  | { state: 'reconnecting'; since: number }
  | { state: 'interrupted'; since: number };

export type ConnectionEvent = { type: 'up' | 'down'; at: number } | { type: 'tick'; at: number };

/** How long a lost connection is only "reconnecting" before it counts as interrupted. */
export const PATIENCE_MILLIS = 5000;

/** `since` of a lost connection is the moment it was lost and stays so over all attempts. */
export function connection(now: Connection, event: ConnectionEvent): Connection {
  switch (event.type) {
    case 'up':
      return now.state === 'live' ? now : { state: 'live', since: event.at };
    case 'down':
      return now.state === 'live' || now.state === 'connecting' ? { state: 'reconnecting', since: event.at } : now;
    case 'tick':
      return now.state === 'reconnecting' && event.at - now.since >= PATIENCE_MILLIS
        ? { state: 'interrupted', since: now.since }
        : now;
  }
}
