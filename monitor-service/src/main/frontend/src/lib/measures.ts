import type { MeasuredTime, MeasureLine } from '../api/types';
import { NONE, percent, seconds } from './format';

/** Measures as people read them. Pure. */

export const TIMES = [
  { key: 'timeToDetect', title: 'Detect', from: 'from the first signal to the opening' },
  { key: 'timeToAcknowledge', title: 'Acknowledge', from: 'from the opening' },
  { key: 'timeToMitigate', title: 'Mitigate', from: 'from the opening' },
  { key: 'timeToResolve', title: 'Resolve', from: 'from the opening' },
] as const;

export type TimeKey = (typeof TIMES)[number]['key'];

export function timeText(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NONE : seconds(value);
}

/** The longest median of each kind of time, which the bars are drawn against; 0 where there is none. */
export function longest(lines: readonly MeasureLine[]): Record<TimeKey, number> {
  const max = (key: TimeKey) => Math.max(0, ...lines.map((l) => l[key]?.p50 ?? 0));
  return {
    timeToDetect: max('timeToDetect'),
    timeToAcknowledge: max('timeToAcknowledge'),
    timeToMitigate: max('timeToMitigate'),
    timeToResolve: max('timeToResolve'),
  };
}

/** A bar's share of its width, 0..1; what is not zero is never invisible. */
export function share(time: MeasuredTime | undefined, most: number): number {
  const p50 = time?.p50;
  if (!p50 || most <= 0) return 0;
  return Math.max(0.03, Math.min(1, p50 / most));
}

export function noise(line: MeasureLine): string {
  return line.noiseRatio === null || line.noiseRatio === undefined ? NONE : percent(line.noiseRatio);
}

/** The worst first: by severity, then by how many. */
export function lineOrder(a: MeasureLine, b: MeasureLine): number {
  return (
    (a.severity ?? '').localeCompare(b.severity ?? '') ||
    b.count - a.count ||
    (a.service ?? '').localeCompare(b.service ?? '')
  );
}
