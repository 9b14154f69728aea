import { describe, expect, it } from 'vitest';
import type { MeasureLine } from '../api/types';
import { lineOrder, longest, noise, share, timeText } from './measures';

const none = { count: 0, mean: null, p50: null, p90: null };
const line = (more: Partial<MeasureLine>): MeasureLine => ({
  service: 'checkout',
  severity: 'SEV2',
  count: 1,
  unresolved: 0,
  dismissed: 0,
  noiseRatio: null,
  timeToDetect: none,
  timeToAcknowledge: none,
  timeToMitigate: none,
  timeToResolve: none,
  ...more,
});

describe('measures', () => {
  it('say nothing where nothing was measured, never zero', () => {
    expect(timeText(null)).toBe('–');
    expect(timeText(undefined)).toBe('–');
    expect(noise(line({}))).toBe('–');
    expect(noise(line({ noiseRatio: 0 })).replace('\u00a0', ' ')).toBe('0 %');
  });

  it('are drawn against the longest median of their own kind', () => {
    const lines = [
      line({ timeToResolve: { count: 2, p50: 600 } }),
      line({ timeToResolve: { count: 1, p50: 60 }, timeToDetect: { count: 1, p50: 3 } }),
    ];
    const most = longest(lines);
    expect(most).toMatchObject({ timeToDetect: 3, timeToResolve: 600, timeToMitigate: 0 });
    expect(share(lines[0]?.timeToResolve, most.timeToResolve)).toBe(1);
    expect(share(lines[1]?.timeToResolve, most.timeToResolve)).toBeCloseTo(0.1);
    expect(share({ count: 1, p50: 0.001 }, 600)).toBe(0.03);
    expect(share(none, 600)).toBe(0);
  });

  it('come the worst severity first, then the most frequent', () => {
    const lines = [
      line({ severity: 'SEV3', count: 9, service: 'a' }),
      line({ severity: 'SEV1', count: 1, service: 'b' }),
      line({ severity: 'SEV1', count: 4, service: 'c' }),
    ];
    expect(lines.sort(lineOrder).map((l) => l.service)).toEqual(['c', 'b', 'a']);
  });
});
