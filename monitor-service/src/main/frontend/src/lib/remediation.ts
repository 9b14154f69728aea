import { isRecord } from '../api/http';
import type { Remediation, SignalName } from '../api/types';
import { compact, duration, durationMillis, SIGNALS, words } from './format';

/** Remediations from what the service sends, in words. Pure. */

type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';

const TONES: [RegExp, Tone][] = [
  [/SUCCE|DONE|HEALED|OK$/i, 'ok'],
  [/FAIL|TIMED?_?OUT|ERROR/i, 'bad'],
  [/PENDING|WAIT|APPROV|PROPOSED|UNVERIFIED/i, 'warn'],
  [/RUN|START|PROGRESS|EXECUT|CHECK|PLAN/i, 'info'],
];

export function remediationTone(state: string): Tone {
  return TONES.find(([p]) => p.test(state))?.[1] ?? 'idle';
}

/** A value of a signal in its unit; other names as a plain number. */
function inUnit(signal: unknown, value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  const known = typeof signal === 'string' ? SIGNALS[signal as SignalName] : undefined;
  return known ? known.format(value) : compact(value);
}

const MEANS: Record<string, string> = { '<': 'below', '<=': 'at most', '>': 'above', '>=': 'at least' };

/** "Errors below 1 % within 60 s"; null where nothing is expected. */
export function expectedWords(expected: unknown): string | null {
  if (typeof expected === 'string' && expected) return expected;
  if (!isRecord(expected)) return null;
  const { signal, comparison, value, within } = expected;
  const name = typeof signal === 'string' ? (SIGNALS[signal as SignalName]?.title ?? signal) : 'The signal';
  const how = typeof comparison === 'string' ? (MEANS[comparison] ?? comparison) : '';
  const time = typeof within === 'string' || typeof within === 'number' ? durationMillis(within) : Number.NaN;
  const limit = Number.isFinite(time) ? ` within ${duration(time)}` : '';
  return `${[name, how, inUnit(signal, value) ?? '?'].filter(Boolean).join(' ')}${limit}`;
}

/** A remediation from what the service sends, whatever it calls state, time and outcome; absent parts stay absent. */
export function readRemediation(body: Record<string, unknown>): Remediation {
  const text = (...keys: string[]) => {
    for (const k of keys) if (typeof body[k] === 'string' && body[k]) return body[k] as string;
    return null;
  };
  const expected = body['expected'];
  const signal = isRecord(expected) ? expected['signal'] : null;
  const undo = body['undo'];
  return {
    id: text('id') ?? '',
    incidentId: text('incidentId', 'incident'),
    playbook: text('playbook', 'name') ?? '',
    action: text('action') ?? '',
    command: text('command'),
    service: text('service', 'target') ?? '',
    target: text('target'),
    env: text('env'),
    state: text('state', 'status', 'outcome') ?? 'UNKNOWN',
    detail: text('reason', 'detail', 'why'),
    at: text('at', 'startedAt', 'plannedAt', 'createdAt') ?? '',
    trigger: text('trigger'),
    endedAt: text('endedAt', 'finishedAt', 'doneAt', 'decidedAt'),
    expected: expectedWords(expected),
    before: inUnit(signal, body['before']),
    after: inUnit(signal, body['after']),
    effect: text('effect'),
    undo: isRecord(undo)
      ? [
          words(String(undo['state'] ?? 'tried')).toLowerCase(),
          typeof undo['outcome'] === 'string' ? undo['outcome'] : '',
        ]
          .filter(Boolean)
          .join(': ')
      : null,
    dryRun: body['dryRun'] === true,
    risky: body['risky'] === true,
  };
}

/** What is done, on what, and for which service where that is another one. */
export function order(r: Remediation): { what: string; on: string; whose: string | null } {
  const what = r.command ? `${words(r.action)} ${r.command} on` : words(r.action);
  const on = r.target ?? r.service;
  return { what, on, whose: on === r.service ? null : r.service };
}

/** Whether a person has to say yes or no. */
export function waitsForPerson(r: Remediation): boolean {
  return /APPROV|PROPOSED/i.test(r.state) && !/APPROVED$/i.test(r.state);
}

/** What came of what was expected. */
export function effectWords(effect: string | null | undefined): { tone: Tone; text: string } | null {
  if (effect === 'MET') return { tone: 'ok', text: 'It helped' };
  if (effect === 'NOT_MET') return { tone: 'bad', text: 'It did not help' };
  if (effect === 'PENDING') return { tone: 'info', text: 'Not known yet' };
  return null;
}

/** The newest lines with all that wait for a person, each once, in the order of {@link remediationOrder}. */
export function withWaiting(newest: readonly Remediation[], waiting: readonly Remediation[]): Remediation[] {
  const known = new Set(newest.map((r) => r.id));
  return [...newest, ...waiting.filter((r) => waitsForPerson(r) && !known.has(r.id))].sort(remediationOrder);
}

/** Those that wait for a person first, then the newest. */
export function remediationOrder(a: Remediation, b: Remediation): number {
  const rank = (r: Remediation) => (waitsForPerson(r) ? 0 : 1);
  return rank(a) - rank(b) || b.at.localeCompare(a.at);
}
