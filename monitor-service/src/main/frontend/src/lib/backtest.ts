import type { Severity } from '../api/types';

/** What the back-test page works out. Pure. */

export interface Firing {
  service: string;
  env: string;
  severity: Severity;
  labels: Record<string, string>;
  since: string;
  firedAt: string;
  clearedAt: string | null;
  value: number | null;
  threshold: number | null;
  summary: string;
}

export interface BacktestAnswer {
  rule: string;
  kind: string;
  from: string;
  to: string;
  stepSeconds: number;
  firings: Firing[];
  total: number;
  truncated: boolean;
  millis: number;
}

/** Rules to start from, in the catalog's keys. */
export const TEMPLATES: Record<string, Record<string, unknown>> = {
  'On a golden signal': {
    name: 'slow-answers',
    kind: 'threshold',
    signal: 'latency_p95',
    above: 0.5,
    for: '30s',
    severity: 'SEV3',
  },
  'On a query': {
    name: 'many-errors',
    kind: 'threshold',
    expression: 'sum by (service, env) (rate(http_server_requests_milliseconds_count{status=~"5.."}[1m])) > 0.5',
    for: '15s',
    severity: 'SEV2',
  },
  'No data': { name: 'silent', kind: 'no-data', after: '30s', severity: 'SEV3' },
  'Burn rate': { name: 'budget-burn', kind: 'burn-rate', slos: ['*'], severity: 'SEV2' },
  'After a deployment': { name: 'worse-since-deployment', kind: 'change', severity: 'SEV3' },
};

/** The rule in the text, or why it is none, in words. */
export function readRule(text: string): { rule: Record<string, unknown> } | { fault: string } {
  try {
    const rule: unknown = JSON.parse(text);
    if (typeof rule === 'object' && rule !== null && !Array.isArray(rule))
      return { rule: rule as Record<string, unknown> };
    return { fault: 'Write one rule as a JSON object, with the keys of the catalog.' };
  } catch (e) {
    return { fault: `This is not JSON: ${e instanceof Error ? e.message : String(e)}` };
  }
}

/** How long the firings lasted in all within the time looked at, in milliseconds. */
export function firingMillis(answer: BacktestAnswer): number {
  const end = Date.parse(answer.to);
  return answer.firings.reduce(
    (sum, f) => sum + Math.max(0, (f.clearedAt ? Date.parse(f.clearedAt) : end) - Date.parse(f.firedAt)),
    0,
  );
}

/** Where a firing lies on a strip of the time looked at, both 0..1. */
export function stretch(answer: BacktestAnswer, firing: Firing): { left: number; width: number } {
  const [from, to] = [Date.parse(answer.from), Date.parse(answer.to)];
  const share = (at: number) => Math.min(1, Math.max(0, (at - from) / (to - from)));
  const left = share(Date.parse(firing.firedAt));
  return { left, width: Math.max(0.004, share(firing.clearedAt ? Date.parse(firing.clearedAt) : to) - left) };
}
