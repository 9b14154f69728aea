import { describe, expect, it } from 'vitest';
import type { Mute, MutePreview } from '../api/types';
import {
  coverage,
  fate,
  isOver,
  labelsOf,
  type MuteForm,
  missing,
  muteOrder,
  parts,
  recurrence,
  request,
  toldAlready,
  typed,
} from './mutes';

const FORM: MuteForm = {
  kind: 'silence',
  services: 'checkout, shop-*',
  environments: 'prod',
  severities: [],
  rules: '',
  labels: '',
  reason: ' database upgrade ',
  starts: 'now',
  length: 'PT2H',
  weekly: false,
  days: [],
  at: '02:30',
  timeZone: 'Europe/Berlin',
};

const mute = (id: string, more: Partial<Mute>): Mute => ({
  id,
  kind: 'SILENCE',
  state: 'ACTIVE',
  matchers: { services: [], environments: [], severities: [], rules: [], labels: {} },
  author: 'ann',
  reason: '',
  startsAt: '2026-03-02T10:00:00Z',
  createdAt: '2026-03-02T10:00:00Z',
  ...more,
});

describe('a request', () => {
  it('names only what was said, and starts now by leaving the start out', () => {
    expect(request(FORM)).toEqual({
      matchers: { services: ['checkout', 'shop-*'], environments: ['prod'] },
      reason: 'database upgrade',
      duration: 'PT2H',
    });
  });

  it('of a weekly window gives the length of each stretch', () => {
    const body = request({ ...FORM, kind: 'maintenance', weekly: true, days: ['SUNDAY'] });
    expect(body['recurring']).toEqual({
      timeZone: 'Europe/Berlin',
      days: ['SUNDAY'],
      at: '02:30',
      duration: 'PT2H',
    });
    expect(body['duration']).toBeUndefined();
  });

  it('of a weekly window on no day leaves the days out: an empty list is refused', () => {
    const body = request({ ...FORM, kind: 'maintenance', weekly: true });
    expect(body['recurring']).toEqual({ timeZone: 'Europe/Berlin', at: '02:30', duration: 'PT2H' });
  });

  it('a silence never recurs', () => {
    expect(request({ ...FORM, weekly: true })['recurring']).toBeUndefined();
  });

  it('for a preview needs no reason yet', () => {
    expect(request({ ...FORM, reason: '' }, true)['reason']).toBe('preview');
    expect(request({ ...FORM, reason: '' })['reason']).toBe('');
  });
});

it('takes a name with spaces or commas as one where it stands in quotes', () => {
  expect(parts('a, b  c')).toEqual(['a', 'b', 'c']);
  expect(parts('"High CPU usage", disk-*, "disk-*", ""')).toEqual(['High CPU usage', 'disk-*']);
  for (const name of ['checkout', 'Order desk', 'a,b']) expect(parts(typed(name))).toEqual([name]);
});

describe('a form', () => {
  it('has to cover something', () => {
    expect(missing({ ...FORM, services: ' ', environments: '' })).toContain('covers');
    expect(missing({ ...FORM, services: '', environments: '', severities: ['SEV3'] })).toBeNull();
  });

  it('has labels as name=value', () => {
    expect(labelsOf('zone=a, host="b-*"')).toEqual({ zone: 'a', host: 'b-*' });
    expect(missing({ ...FORM, labels: 'zone' })).toContain('name=value');
    expect(missing({ ...FORM, labels: 'zone=' })).toContain('name=value');
  });

  it('needs a start that can be read', () => {
    expect(missing({ ...FORM, starts: '' })).toContain('starts');
  });
});

it('says in words what it covers and when', () => {
  expect(coverage({ services: ['checkout'], environments: ['prod'], labels: { zone: 'a' } })).toBe(
    'checkout · in prod · zone=a',
  );
  const weekly = mute('w', {
    recurring: { timeZone: 'Europe/Berlin', days: ['SATURDAY', 'SUNDAY'], at: '02:30', duration: 'PT1H' },
  });
  expect(recurrence(weekly)?.replaceAll('\u00a0', ' ')).toBe(
    'every Saturday and Sunday at 02:30 (Europe/Berlin) for 1 h',
  );
  expect(recurrence(mute('s', {}))).toBeNull();
});

it('promises no quiet to those who were told already, but that escalation waits', () => {
  const item = { muted: 1, all: false, told: true } as MutePreview['items'][number];
  const waiting = { ...item, stepsWait: true };
  const preview = { incidents: 3, wouldMute: 0, told: 1, items: [item] };
  expect(toldAlready(preview)).toBe('People were told of one already: cards and messages go on.');
  expect(toldAlready({ ...preview, items: [waiting] })).toBe(
    'People were told of one already: cards and messages go on, escalation steps wait until it ends.',
  );
  expect(toldAlready({ ...preview, told: 2, items: [item, waiting] })).toBe(
    'People were told of 2 already: cards and messages go on, escalation steps of 1 wait until it ends.',
  );
  expect(toldAlready({ ...preview, told: 0 })).toBe('');
  expect(fate(item)).toBe('told already, goes on being told');
  expect(fate(waiting)).toBe('told already, escalation waits');
  expect(fate({ ...item, told: false })).toBe('1 of its signals, so still told');
  expect(fate({ ...item, told: false, all: true })).toBe('muted');
});

it('shows what is in force first and what is over last', () => {
  const all = [
    mute('over', { state: 'EXPIRED', endsAt: '2026-03-01T00:00:00Z' }),
    mute('to come', { state: 'PENDING', next: { from: '2026-03-03T00:00:00Z', to: '2026-03-03T01:00:00Z' } }),
    mute('in force', { active: { from: '2026-03-02T10:00:00Z', to: '2026-03-02T12:00:00Z' } }),
  ];
  expect(all.sort(muteOrder).map((m) => m.id)).toEqual(['in force', 'to come', 'over']);
  expect(isOver(all[2] as Mute)).toBe(true);
});
