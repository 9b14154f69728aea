import { describe, expect, it } from 'vitest';
import { type Connection, connection, judge, missed } from './sequence';

describe('sequence numbers', () => {
  it('tell the next message from a repeated one', () => {
    expect([judge(null, 7), judge(7, 8), judge(8, 8)]).toEqual(['first', 'next', 'duplicate']);
  });
  it('show a gap and a restart of the counter', () => {
    expect([judge(8, 11), judge(8, 1)]).toEqual(['gap', 'restart']);
    expect([missed('gap'), missed('restart'), missed('next'), missed('first')]).toEqual([true, true, false, false]);
  });
  it('are not needed', () => {
    expect(judge(8, undefined)).toBe('next');
  });
});

describe('the connection', () => {
  const live: Connection = { state: 'live', since: 100 };
  it('is reconnecting at first and interrupted when that takes long', () => {
    const lost = connection(live, { type: 'down', at: 1000 });
    expect(lost).toEqual({ state: 'reconnecting', since: 1000 });
    expect(connection(lost, { type: 'tick', at: 5999 })).toBe(lost);
    expect(connection(lost, { type: 'tick', at: 6000 })).toEqual({ state: 'interrupted', since: 1000 });
  });
  it('remembers when it was lost, however often it is tried', () => {
    const lost: Connection = { state: 'interrupted', since: 1000 };
    expect(connection(lost, { type: 'down', at: 9000 })).toBe(lost);
  });
  it('is live again from the moment it is back', () => {
    expect(connection({ state: 'interrupted', since: 1000 }, { type: 'up', at: 9000 })).toEqual({
      state: 'live',
      since: 9000,
    });
  });
});
