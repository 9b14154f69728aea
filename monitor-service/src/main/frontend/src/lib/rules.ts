import type { Severity } from '../api/types';
import { duration } from './format';

/** What the rules page works out of the rules in Prometheus' form. Pure. */

export interface Alert {
  labels: Record<string, string>;
  state: 'pending' | 'firing';
  activeAt: string;
}

export interface Rule {
  name: string;
  state: 'inactive' | 'pending' | 'firing';
  /** A query, or in words what is looked at. */
  query: string;
  /** Seconds. */
  duration: number;
  labels: { severity: Severity };
  annotations: Record<string, string>;
  alerts: Alert[];
  health: 'ok' | 'err';
  lastError?: string;
}

export interface RulesAnswer {
  data: { groups: { rules: Rule[] }[] };
}

const ORDER = { firing: 0, pending: 1, inactive: 2 };

/** Those that need a look first: what fires, what cannot be looked at, what is about to fire; then as in the catalog. */
export function inOrder(answer: RulesAnswer): Rule[] {
  const rank = (r: Rule) => (r.state !== 'firing' && r.health === 'err' ? 0.5 : ORDER[r.state]);
  return answer.data.groups.flatMap((g) => g.rules).toSorted((a, b) => rank(a) - rank(b));
}

/** For how long its condition must hold, in words; empty where at once is enough. */
export function holding(rule: Rule): string {
  return rule.duration > 0 ? `for ${duration(rule.duration * 1000)}` : '';
}

/** What a rule tells of, what fires before what is about to, and of each the oldest first. */
export function alertsOf(rule: Rule): Alert[] {
  return rule.alerts.toSorted(
    (a, b) => ORDER[a.state] - ORDER[b.state] || Date.parse(a.activeAt) - Date.parse(b.activeAt),
  );
}

/** Labels that are not said elsewhere in its line. */
export function furtherLabels(alert: Alert): string {
  const said = new Set(['service', 'env', 'severity', 'alertname']);
  return Object.entries(alert.labels)
    .filter(([name]) => !said.has(name))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
