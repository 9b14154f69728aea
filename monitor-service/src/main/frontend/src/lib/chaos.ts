import type { Experiment, Run } from '../api/types';
import { durationMillis, words } from './format';

/** What the chaos page works out. Pure. */

const SAMPLE = new Set(['storefront', 'checkout', 'inventory']);

/** Whether an experiment aims at the bundled sample shop on this machine; anything else has to be confirmed by its name. */
export function aimsAtSample(e: Experiment): boolean {
  if (!SAMPLE.has(e.service)) return false;
  return !e.target || /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/.test(e.target);
}

/** The share of its time that a run has behind it, 0..1. */
export function progress(run: Run, now: number): number {
  const [start, end] = [Date.parse(run.startedAt), Date.parse(run.endsAt)];
  if (!(end > start)) return 1;
  return Math.min(1, Math.max(0, (now - start) / (end - start)));
}

/** Parameters as people read them: "ratio 0.7, status 500". */
export function parametersText(parameters: Record<string, unknown>): string {
  return Object.entries(parameters)
    .map(([k, v]) => `${k.replaceAll('-', ' ')} ${typeof v === 'object' ? JSON.stringify(v) : String(v)}`)
    .join(', ');
}

const KIND_WORDS: Record<string, string> = {
  cpu: 'CPU stress',
  'db-down': 'Database down',
  'db-latency': 'Slow database',
  'db-errors': 'Database errors',
};

/** An attack's kind in words. */
export function kindWords(kind: string): string {
  return KIND_WORDS[kind] ?? words(kind);
}

/** How long the experiment lasts at most, in milliseconds; null when unreadable. */
export function experimentMillis(e: Experiment): number | null {
  const millis = durationMillis(e.durationSeconds ?? e.duration ?? '');
  return Number.isFinite(millis) ? millis : null;
}
