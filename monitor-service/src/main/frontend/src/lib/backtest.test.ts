import { describe, expect, it } from 'vitest';
import { type BacktestAnswer, type Firing, firingMillis, readRule, stretch, TEMPLATES } from './backtest';

const firing = (firedAt: string, clearedAt: string | null): Firing => ({
  service: 'checkout',
  env: 'prod',
  severity: 'SEV2',
  labels: {},
  since: firedAt,
  firedAt,
  clearedAt,
  value: 1,
  threshold: 0.5,
  summary: 'x',
});

const answer = (...firings: Firing[]): BacktestAnswer => ({
  rule: 'r',
  kind: 'threshold',
  from: '2026-01-01T00:00:00Z',
  to: '2026-01-01T01:00:00Z',
  stepSeconds: 5,
  firings,
  total: firings.length,
  truncated: false,
  millis: 10,
});

describe('back-test', () => {
  it('reads a rule, and says why something is none', () => {
    expect(readRule('{"name":"x"}')).toEqual({ rule: { name: 'x' } });
    expect(readRule('[1]')).toHaveProperty('fault', expect.stringContaining('JSON object'));
    expect(readRule('{')).toHaveProperty('fault', expect.stringContaining('not JSON'));
  });

  it('offers templates that are rules', () => {
    for (const t of Object.values(TEMPLATES)) {
      expect(readRule(JSON.stringify(t))).toHaveProperty('rule.kind');
    }
  });

  it('adds up the time that fired, to the end where it still does', () => {
    const a = answer(firing('2026-01-01T00:00:00Z', '2026-01-01T00:05:00Z'), firing('2026-01-01T00:50:00Z', null));
    expect(firingMillis(a)).toBe(15 * 60_000);
  });

  it('places a firing on the strip, never too thin to see', () => {
    const a = answer(firing('2026-01-01T00:30:00Z', '2026-01-01T00:45:00Z'));
    expect(stretch(a, a.firings[0]!)).toEqual({ left: 0.5, width: 0.25 });
    const short = answer(firing('2026-01-01T00:30:00Z', '2026-01-01T00:30:01Z'));
    expect(stretch(short, short.firings[0]!).width).toBe(0.004);
  });
});
