import { describe, expect, it } from 'vitest';
import { columns, SignalSeries, summarise } from './series';

const at = (ts: number, cpu: number | null = ts) => ({ ts, signals: { cpu } });
const times = (s: SignalSeries) => s.since(0).map((p) => p.ts);

describe('a series', () => {
  it('keeps the newest points and drops the oldest', () => {
    const s = new SignalSeries(3);
    for (const ts of [1000, 2000, 3000, 4000]) s.append(at(ts));
    expect(times(s)).toEqual([2000, 3000, 4000]);
    expect(s.last?.ts).toBe(4000);
  });
  it('takes the newer value for the same time', () => {
    const s = new SignalSeries();
    s.append(at(1000, 1));
    s.append(at(1000, 2));
    expect(s.size).toBe(1);
    expect(s.last?.signals.cpu).toBe(2);
  });
  it('fills a gap from storage without doubling what came live', () => {
    const s = new SignalSeries();
    for (const ts of [1000, 2000, 9000]) s.append(at(ts));
    expect(s.merge([2100, 4000, 6000, 8900].map((t) => at(t)))).toBe(2);
    expect(times(s)).toEqual([1000, 2000, 4000, 6000, 9000]);
  });
  it('puts a late point where it belongs', () => {
    const s = new SignalSeries();
    s.append(at(5000));
    s.append(at(1000));
    expect(times(s)).toEqual([1000, 5000]);
  });
  it('gives the points from a time on', () => {
    const s = new SignalSeries();
    for (const ts of [1000, 2000, 3000]) s.append(at(ts));
    expect(s.since(1500).map((p) => p.ts)).toEqual([2000, 3000]);
    expect(s.since(3001)).toEqual([]);
  });
});

describe('columns', () => {
  it('break the line where data is missing', () => {
    const { times, values } = columns([at(1000, 0.1), at(2000, 0.2), at(9000, 0.3)], ['cpu'], 3000);
    expect(times).toEqual([1, 2, 2.001, 9]);
    expect(values).toEqual([[0.1, 0.2, null, 0.3]]);
  });
  it('have no value where a signal is absent or not a number', () => {
    const { values } = columns([at(1000, null), at(2000, Number.NaN)], ['cpu', 'traffic'], 3000);
    expect(values).toEqual([
      [null, null],
      [null, null],
    ]);
  });
  it('are summarised by what they have', () => {
    expect(summarise([1, 2, 3], [2, null, 4])).toEqual({ min: 2, max: 4, mean: 3, last: 4, lastAt: 3000 });
    expect(summarise([1], [null])).toBeNull();
  });
});
