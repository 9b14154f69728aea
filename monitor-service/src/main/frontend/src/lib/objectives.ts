import { duration } from './format';

/** What the objectives page works out. Pure. */

export interface BurnTier {
  window: string;
  shortWindow: string;
  burnRate: number | null;
  shortBurnRate: number | null;
  limit: number;
  page: boolean;
  breached: boolean;
  ready: boolean;
  readyAt: string | null;
}

export interface Objective {
  name: string;
  title: string;
  service: string;
  env: string;
  /** Per cent. */
  objective: number;
  periodSeconds: number;
  state: 'NO_DATA' | 'HEALTHY' | 'AT_RISK' | 'EXHAUSTED';
  attained: number | null;
  /** 1 is all of it, below 0 is overspent. */
  budgetLeft: number | null;
  exhaustedInSeconds: number | null;
  since: string | null;
  asOf: string | null;
  expression: string;
  complete: boolean;
  burnRates: BurnTier[];
}

/** "30 days": whole days where it is some, else as any duration. */
export function periodWords(seconds: number): string {
  const days = seconds / 86_400;
  return Number.isInteger(days) ? (days === 1 ? '1 day' : `${days} days`) : duration(seconds * 1000);
}

/** A percentage with as many digits as its distance from 100 needs: 99.95, 99.999, 42.1. */
export function attainedText(percent: number): string {
  const gap = 100 - percent;
  const digits = gap <= 0 ? 0 : Math.min(5, Math.max(1, 1 - Math.floor(Math.log10(gap))));
  return `${percent.toFixed(digits)} %`;
}

/** "1.4×"; a dash where nothing happened. */
export function burnText(rate: number | null): string {
  if (rate === null) return '–';
  return `${rate >= 100 ? Math.round(rate) : rate.toFixed(rate >= 10 ? 1 : 2)}×`;
}

/** The share of the budget that a bar shows, 0..1. */
export function barShare(left: number | null): number {
  return left === null ? 0 : Math.min(1, Math.max(0, left));
}

/** When the budget will be gone, in words. */
export function exhaustion(o: Objective): string {
  if (o.state === 'NO_DATA') return 'No data yet';
  if (o.state === 'EXHAUSTED') return 'The budget is spent';
  if (o.exhaustedInSeconds === null) return 'Not in sight at this pace';
  return `In ${duration(o.exhaustedInSeconds * 1000)} at this pace`;
}
