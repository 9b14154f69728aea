import { isRecord } from '../api/http';
import type { Analysis, IncidentEvent, IncidentState, TimelineEntry } from '../api/types';

/** What the incident page works out of an incident's timeline and analyses. Pure. */

export const STATES: readonly IncidentState[] = [
  'OPEN',
  'ACKNOWLEDGED',
  'INVESTIGATING',
  'IDENTIFIED',
  'MITIGATED',
  'RESOLVED',
];

/** The events a person can send, the most usual next step first; RECOVER and REGRESS are the system's own. */
const ORDER: readonly IncidentEvent[] = ['ACKNOWLEDGE', 'INVESTIGATE', 'IDENTIFY', 'MITIGATE', 'RESOLVE', 'DISMISS'];

export function choices(allowed: readonly IncidentEvent[]): IncidentEvent[] {
  return ORDER.filter((e) => allowed.includes(e));
}

export const EVENT_WORDS: Record<IncidentEvent, { verb: string; means: string }> = {
  ACKNOWLEDGE: { verb: 'Acknowledge', means: 'You have seen it and take it on.' },
  INVESTIGATE: { verb: 'Investigate', means: 'Somebody is looking for the cause.' },
  IDENTIFY: { verb: 'Cause identified', means: 'The cause is known. Write it down for the others.' },
  MITIGATE: { verb: 'Mitigated', means: 'Customers are no longer affected. What was done?' },
  RESOLVE: { verb: 'Resolve', means: 'It is over. After this nothing about the incident can be changed.' },
  DISMISS: { verb: 'Dismiss', means: 'A false alarm. The incident is closed for good.' },
  RECOVER: { verb: 'Recover', means: 'All signals cleared.' },
  REGRESS: { verb: 'Regress', means: 'A signal fires again.' },
};

export interface Step {
  state: IncidentState;
  /** When it was entered last; null when it never was. */
  at: string | null;
  phase: 'past' | 'now' | 'skipped' | 'ahead';
}

/** The lifecycle with what was passed and when. A state that was jumped over counts as skipped. */
export function stepper(state: IncidentState, openedAt: string, timeline: readonly TimelineEntry[]): Step[] {
  const entered = new Map<string, string>([['OPEN', openedAt]]);
  for (const e of timeline) {
    const to = e.kind === 'STATE_CHANGED' ? e.data?.['to'] : undefined;
    if (typeof to === 'string' && to !== 'OPEN') entered.set(to, e.ts);
  }
  const here = STATES.indexOf(state);
  return STATES.map((s, i) => {
    const at = entered.get(s) ?? null;
    const phase = i === here ? 'now' : i > here ? 'ahead' : at ? 'past' : 'skipped';
    return { state: s, at: i > here ? null : at, phase };
  });
}

/** The analysis to show: the newest that is done, else the newest at all. */
export function latest(analyses: readonly Analysis[]): Analysis | null {
  const sorted = [...analyses].sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
  return sorted.find((a) => a.status === 'DONE') ?? sorted[0] ?? null;
}

/** Analyses that the timeline carries, for when analysis-service cannot be asked. */
export function analysesIn(timeline: readonly TimelineEntry[]): Analysis[] {
  return timeline.flatMap((e) => {
    if (e.kind !== 'ANALYSIS' || !e.data) return [];
    const inner = isRecord(e.data['analysis']) ? e.data['analysis'] : e.data;
    return Array.isArray(inner['hypotheses']) ? [readAnalysis(inner, e.ts)] : [];
  });
}

/** An analysis with every list present. */
export function readAnalysis(body: Record<string, unknown>, at = ''): Analysis {
  const list = <T>(key: string) => (Array.isArray(body[key]) ? (body[key] as T[]) : []);
  const a = body as unknown as Analysis;
  return {
    ...a,
    status: a.status ?? 'DONE',
    source: a.source ?? 'STATISTICAL',
    createdAt: a.createdAt ?? at,
    candidates: list('candidates'),
    hypotheses: list<Analysis['hypotheses'][number]>('hypotheses').toSorted((x, y) => x.rank - y.rank),
    suggestions: list('suggestions'),
    evidence: list('evidence'),
  };
}

/**
 * A note when the model's first hypothesis rests on evidence about other services than the statistics' first
 * candidate; null when they agree or there is nothing to compare.
 */
export function disagreement(analysis: Analysis): string | null {
  const top = analysis.candidates[0];
  const first = analysis.hypotheses[0];
  if (!top || !first || analysis.source !== 'LLM') return null;
  const cited = analysis.evidence.filter((e) => first.evidence.includes(e.id));
  const suspects = [...new Set(cited.map((e) => e.service).filter(Boolean))];
  if (suspects.length === 0 || suspects.includes(top.service)) return null;
  return `The model suspects ${suspects.join(', ')}, the statistics ${top.service}. Look at both.`;
}

/** Whether an analysis lacks nothing but a model, and that because none is set up. */
export function isByChoice(degraded: string): boolean {
  return /^no model (is )?configured\.?$/i.test(degraded.trim());
}
