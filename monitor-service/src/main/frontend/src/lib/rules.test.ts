import { describe, expect, it } from 'vitest';
import { type Alert, alertsOf, furtherLabels, holding, inOrder, type Rule } from './rules';

const rule = (name: string, more: Partial<Rule> = {}): Rule => ({
  name,
  state: 'inactive',
  query: 'error_rate > 0.05',
  duration: 0,
  labels: { severity: 'SEV2' },
  annotations: {},
  alerts: [],
  health: 'ok',
  ...more,
});

const alert = (service: string, state: Alert['state'], activeAt: string, labels = {}): Alert => ({
  labels: { service, env: 'prod', severity: 'SEV2', alertname: 'a', ...labels },
  state,
  activeAt,
});

describe('rules', () => {
  it('puts what needs a look first and leaves the rest as the catalog has it', () => {
    const rules = [
      rule('quiet-b'),
      rule('pending', { state: 'pending' }),
      rule('broken', { health: 'err', lastError: 'too many series' }),
      rule('firing', { state: 'firing' }),
      rule('quiet-a'),
    ];
    expect(inOrder({ data: { groups: [{ rules }] } }).map((r) => r.name)).toEqual([
      'firing',
      'broken',
      'pending',
      'quiet-b',
      'quiet-a',
    ]);
    expect(inOrder({ data: { groups: [] } })).toEqual([]);
  });

  it('says how long it must be so, where it must', () => {
    expect(holding(rule('a'))).toBe('');
    expect(holding(rule('a', { duration: 3 }))).toBe('for 3\u00a0s');
  });

  it('lists what fires before what is about to, the oldest first', () => {
    const alerts = [
      alert('b', 'pending', '2026-11-27T10:00:00Z'),
      alert('c', 'firing', '2026-11-27T12:00:00Z'),
      alert('a', 'firing', '2026-11-27T11:00:00Z'),
    ];
    expect(alertsOf(rule('r', { alerts })).map((a) => a.labels['service'])).toEqual(['a', 'c', 'b']);
  });

  it('names the labels that tell alerts of one service apart', () => {
    expect(furtherLabels(alert('a', 'firing', '', { queue: 'mail', shard: '3' }))).toBe('queue=mail shard=3');
    expect(furtherLabels(alert('a', 'firing', ''))).toBe('');
  });
});
