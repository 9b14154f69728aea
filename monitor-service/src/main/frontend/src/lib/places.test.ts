import { describe, expect, it } from 'vitest';
import { GROUPS, isHere, PLACES, visible } from './places';

describe('the places', () => {
  it('have a key of their own each', () => {
    const keys = PLACES.map((p) => p.key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('show a viewer nothing that needs another role', () => {
    const seen = visible(() => false).flatMap((g) => g.places.map((p) => p.href));
    expect(seen).toContain('/on-call');
    expect(seen).not.toContain('/audit');
    expect(seen).not.toContain('/admin');
    expect(seen).not.toContain('/logs/monitor');
    expect(visible(() => false).map((g) => g.title)).not.toContain('System');
    expect(visible(() => true)).toHaveLength(GROUPS.length);
  });

  it('know the pages below them', () => {
    const incidents = { href: '/incidents' };
    expect(isHere('/incidents/1/postmortem', incidents)).toBe(true);
    expect(isHere('/incident', incidents)).toBe(false);
    expect(isHere('/services/prod/checkout', { href: '/' })).toBe(true);
    expect(isHere('/chaos', { href: '/' })).toBe(false);
  });
});
