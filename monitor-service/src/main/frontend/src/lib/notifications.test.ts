import { describe, expect, it } from 'vitest';
import { mayDrop, mayRetry, merged } from './notifications';

const notice = (id: string, state: string, minute: number) => ({
  id,
  state,
  channel: 'mail',
  kind: 'OPENED',
  createdAt: `2026-03-02T10:${String(minute).padStart(2, '0')}:00Z`,
});
const page = (items: unknown[], next: string | null = null, waiting = 0) => ({
  items,
  next,
  channels: [{ name: 'mail', kind: 'email', state: 'OK', waiting }],
});

describe('the list of notifications', () => {
  it('has what waits though many newer ones have arrived, each once and the newest first', () => {
    const newest = page([notice('c', 'SENT', 9), notice('b', 'WAITING', 8)], 'x', 2);
    const log = merged(newest, [page([notice('b', 'WAITING', 8), notice('a', 'WAITING', 1)]), page([]), page([])]);
    expect(log.items.map((n) => n.id)).toEqual(['c', 'b', 'a']);
    expect(log.unseen).toBe(0);
  });

  it('says how many wait beyond what it shows', () => {
    const log = merged(page([], null, 500), [page([notice('b', 'WAITING', 8)], 'more'), page([]), page([])]);
    expect(log.unseen).toBe(499);
  });

  it('offers what the service allows', () => {
    const states = ['WAITING', 'SENDING', 'SENT', 'FAILED', 'SKIPPED', 'DROPPED'];
    expect(states.filter(mayRetry)).toEqual(['WAITING', 'SENDING', 'FAILED', 'DROPPED']);
    expect(states.filter(mayDrop)).toEqual(['WAITING']);
  });
});
