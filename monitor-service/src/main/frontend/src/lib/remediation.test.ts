import { describe, expect, it } from 'vitest';
import {
  effectWords,
  expectedWords,
  order,
  readRemediation,
  remediationOrder,
  waitsForPerson,
  withWaiting,
} from './remediation';

const plain = (text: string | null | undefined) => text?.replaceAll('\u00a0', ' ');

describe('a remediation', () => {
  it('says what is expected of it, and what was before and after, in the unit of the signal', () => {
    const r = readRemediation({
      id: 'r',
      action: 'restart',
      service: 'checkout',
      state: 'SUCCEEDED',
      plannedAt: '2026-03-02T10:00:00Z',
      expected: { signal: 'error_rate', comparison: '<', value: 0.01, within: '60s' },
      before: 0.68,
      after: 0.002,
      effect: 'MET',
      undo: null,
      dryRun: false,
      risky: true,
    });
    expect(plain(r.expected)).toBe('Errors below 1.0 % within 1 min');
    expect(plain(r.before)).toBe('68 %');
    expect(plain(r.after)).toBe('0.2 %');
    expect(r.risky).toBe(true);
    expect(effectWords(r.effect)).toEqual({ tone: 'ok', text: 'It helped' });
  });

  it('of an older service has none of that, and nothing is made up', () => {
    const r = readRemediation({ id: 'r', action: 'restart', service: 'checkout', state: 'SKIPPED' });
    expect(r).toMatchObject({ expected: null, before: null, after: null, effect: null, undo: null, dryRun: false });
    expect(effectWords(r.effect)).toBeNull();
    expect(expectedWords(null)).toBeNull();
  });

  it('names the command and the process that it acts on, and whose signals asked for it', () => {
    const restart = { action: 'restart', service: 'checkout' };
    expect(order(readRemediation(restart))).toEqual({ what: 'Restart', on: 'checkout', whose: null });
    expect(order(readRemediation({ ...restart, command: null, target: 'checkout' }))).toEqual({
      what: 'Restart',
      on: 'checkout',
      whose: null,
    });
    const flush = { action: 'command', command: 'flush', service: 'checkout', target: 'inventory' };
    expect(order(readRemediation(flush))).toEqual({ what: 'Command flush on', on: 'inventory', whose: 'checkout' });
  });

  it('tells how undoing it went', () => {
    expect(readRemediation({ undo: { state: 'DONE', outcome: 'started again' } }).undo).toBe('done: started again');
  });
});

it('what waits for a person is listed however old it is, and once', () => {
  const read = (id: string, state: string, at: string) => readRemediation({ id, state, plannedAt: at });
  const newest = [
    read('new', 'SUCCEEDED', '2026-03-02T12:00:00Z'),
    read('both', 'AWAITING_APPROVAL', '2026-03-02T11:00:00Z'),
  ];
  const waiting = [
    read('both', 'AWAITING_APPROVAL', '2026-03-02T11:00:00Z'),
    read('old', 'AWAITING_APPROVAL', '2026-03-01T10:00:00Z'),
    // An older service knows no state and lists anything.
    read('any', 'SKIPPED', '2026-03-01T09:00:00Z'),
  ];
  expect(withWaiting(newest, waiting).map((r) => r.id)).toEqual(['both', 'old', 'new']);
});

it('what waits for a person comes first', () => {
  const list = [
    readRemediation({ id: 'new', state: 'SUCCEEDED', plannedAt: '2026-03-02T12:00:00Z' }),
    readRemediation({ id: 'waits', state: 'AWAITING_APPROVAL', plannedAt: '2026-03-02T10:00:00Z' }),
  ];
  expect(list.sort(remediationOrder).map((r) => r.id)).toEqual(['waits', 'new']);
  expect(waitsForPerson(readRemediation({ state: 'APPROVED' }))).toBe(false);
});
