import type { HistoryPoint, SignalName, SignalValues } from '../api/types';

/**
 * The newest points of one service's golden signals, in event time, bounded: the oldest point goes when a new one
 * does not fit. Points may come in any order and twice (live and from history): one time keeps one point.
 */
export class SignalSeries {
  readonly capacity: number;
  private points: HistoryPoint[] = [];

  constructor(capacity = 900) {
    this.capacity = capacity;
  }

  /** Adds one live point; false when a point of that time, or a newer horizon, makes it useless. */
  append(point: HistoryPoint): boolean {
    const last = this.points.at(-1);
    if (last && point.ts <= last.ts) {
      if (point.ts === last.ts) {
        this.points[this.points.length - 1] = point;
        return true;
      }
      return this.merge([point]) > 0;
    }
    this.points.push(point);
    if (this.points.length > this.capacity) this.points.splice(0, this.points.length - this.capacity);
    return true;
  }

  /**
   * Fills in what is missing from stored points; a live point is kept where both have one. Stored points that lie
   * within half a second of a live one are the same measurement and are left out. Returns how many were added.
   */
  merge(stored: readonly HistoryPoint[]): number {
    const known = this.points.map((p) => p.ts);
    const fresh = stored.filter((p) => Number.isFinite(p.ts) && !near(known, p.ts, 500));
    if (fresh.length === 0) return 0;
    this.points = [...this.points, ...fresh].sort((a, b) => a.ts - b.ts).slice(-this.capacity);
    return fresh.length;
  }

  /** Lets go all points but the newest. */
  keepNewest(): void {
    this.points = this.points.slice(-1);
  }

  get last(): HistoryPoint | undefined {
    return this.points.at(-1);
  }

  /** The points not older than `from`, oldest first. */
  since(from: number): readonly HistoryPoint[] {
    const first = lowerBound(this.points, from);
    return first === 0 ? this.points : this.points.slice(first);
  }

  get size(): number {
    return this.points.length;
  }
}

function near(sorted: readonly number[], ts: number, within: number): boolean {
  let lo = 0;
  let hi = sorted.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (sorted[mid]! < ts - within) lo = mid + 1;
    else hi = mid;
  }
  return lo < sorted.length && sorted[lo]! <= ts + within;
}

function lowerBound(points: readonly HistoryPoint[], ts: number): number {
  let lo = 0;
  let hi = points.length;
  while (lo < hi) {
    const mid = (lo + hi) >> 1;
    if (points[mid]!.ts < ts) lo = mid + 1;
    else hi = mid;
  }
  return lo;
}

export type Column = (number | null)[];

/**
 * Times (in seconds) and one column a signal, as uPlot takes them. Where two points lie further apart than `gap`
 * milliseconds a point without values is put between them, so that a line breaks instead of lying.
 */
export function columns(
  points: readonly HistoryPoint[],
  names: readonly SignalName[],
  gap: number,
): { times: number[]; values: Column[] } {
  const times: number[] = [];
  const values: Column[] = names.map(() => []);
  let before: number | null = null;
  for (const p of points) {
    if (before !== null && p.ts - before > gap) {
      times.push((before + 1) / 1000);
      for (const c of values) c.push(null);
    }
    before = p.ts;
    times.push(p.ts / 1000);
    names.forEach((n, i) => {
      values[i]!.push(finite(p.signals, n));
    });
  }
  return { times, values };
}

export function finite(values: SignalValues, name: SignalName): number | null {
  const v = values[name];
  return typeof v === 'number' && Number.isFinite(v) ? v : null;
}

export interface Summary {
  min: number;
  max: number;
  mean: number;
  last: number | null;
  lastAt: number | null;
}

/** What a column says in figures, for those who cannot see the line; null without any value. */
export function summarise(times: readonly number[], column: Column): Summary | null {
  let [min, max, sum, n] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  let last: number | null = null;
  let lastAt: number | null = null;
  column.forEach((v, i) => {
    if (v === null) return;
    min = Math.min(min, v);
    max = Math.max(max, v);
    sum += v;
    n++;
    last = v;
    lastAt = times[i]! * 1000;
  });
  return n === 0 ? null : { min, max, mean: sum / n, last, lastAt };
}
