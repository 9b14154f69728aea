import { describe, expect, it } from 'vitest';
import { type Spark, scaleOf, segments } from './sparkline';

const spark = (values: (number | null)[], extra: Partial<Spark> = {}): Spark => ({
  times: values.map((_, i) => i * 1000),
  lines: [values],
  from: 0,
  to: (values.length - 1) * 1000,
  ...extra,
});

describe('the scale', () => {
  it('starts at zero and ends at the highest value', () => {
    const s = scaleOf(spark([1, 4, 2]), 100, 24, 2);
    expect([s.min, s.max]).toEqual([0, 4]);
    expect([s.y(4), s.y(0)]).toEqual([2, 22]);
    expect([s.x(0), s.x(2000)]).toEqual([2, 98]);
  });
  it('does not blow up noise on an idle signal', () => {
    expect(scaleOf(spark([0.001, 0.002], { atLeast: 0.05 }), 100, 24).max).toBe(0.05);
  });
  it('survives a flat zero line and an empty one', () => {
    expect(scaleOf(spark([0, 0]), 100, 24).y(0)).toBe(22);
    expect(scaleOf(spark([]), 100, 24).max).toBe(1);
  });
  it('takes no notice of what lies outside the window', () => {
    expect(scaleOf(spark([50, 1, 2], { from: 1000 }), 100, 24).max).toBe(2);
  });
});

describe('the line', () => {
  it('breaks where there is no value', () => {
    const s = spark([1, 2, null, 3, 4]);
    const parts = segments(s, s.lines[0]!, scaleOf(s, 100, 24), 5000);
    expect(parts.map((p) => p.points.length)).toEqual([2, 2]);
  });
  it('breaks where time is missing', () => {
    const s: Spark = { times: [0, 1000, 60_000, 61_000], lines: [[1, 1, 1, 1]], from: 0, to: 61_000 };
    expect(segments(s, s.lines[0]!, scaleOf(s, 100, 24), 5000)).toHaveLength(2);
  });
  it('enters from the left edge', () => {
    const s = spark([1, 1, 1, 1], { from: 1500, to: 3000 });
    const [part] = segments(s, s.lines[0]!, scaleOf(s, 100, 24, 0), 5000);
    expect(part?.points.map(([x]) => Math.round(x))).toEqual([-33, 33, 100]);
  });
});
