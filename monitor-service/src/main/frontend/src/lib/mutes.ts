import type { Matchers, Mute, MutePreview, Severity } from '../api/types';
import { duration, durationMillis, words } from './format';

/** Silences and maintenance windows: from a form to a request, and back to words. Pure. */

export const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
export type Day = (typeof DAYS)[number];

/** What the form holds; texts as they were typed. */
export interface MuteForm {
  kind: 'silence' | 'maintenance';
  services: string;
  environments: string;
  severities: Severity[];
  rules: string;
  labels: string;
  reason: string;
  /** `now`, or a local time as `datetime-local` gives it. */
  starts: string;
  /** ISO 8601. */
  length: string;
  weekly: boolean;
  days: Day[];
  at: string;
  timeZone: string;
}

export const LENGTHS: [string, string][] = [
  ['PT30M', '30 minutes'],
  ['PT1H', '1 hour'],
  ['PT2H', '2 hours'],
  ['PT4H', '4 hours'],
  ['PT8H', '8 hours'],
  ['P1D', '1 day'],
  ['P3D', '3 days'],
  ['P7D', '7 days'],
];

/** The parts of a list typed with commas or spaces between; a name with either of them stands in quotes. */
export function parts(text: string): string[] {
  const found = [...text.matchAll(/"([^"]*)"|[^,\s]+/g)].map((m) => (m[1] ?? m[0]).trim());
  return [...new Set(found.filter(Boolean))];
}

/** A name as it is typed into such a list. */
export function typed(name: string): string {
  return /[,\s]/.test(name) ? `"${name}"` : name;
}

/** Labels typed as `zone=a, host=b-*`; null where a part has no `=`. */
export function labelsOf(text: string): Record<string, string> | null {
  const labels: Record<string, string> = {};
  for (const p of text.split(',').map((t) => t.trim())) {
    if (!p) continue;
    const at = p.indexOf('=');
    if (at < 1 || at === p.length - 1) return null;
    labels[p.slice(0, at).trim()] = p
      .slice(at + 1)
      .trim()
      .replace(/^"(.*)"$/, '$1');
  }
  return labels;
}

/** What is missing before it can be asked what it would mute; null for nothing. */
export function missing(form: MuteForm): string | null {
  const labels = labelsOf(form.labels);
  if (labels === null) return 'Labels are written as name=value, with commas between.';
  const any =
    parts(form.services).length > 0 ||
    parts(form.environments).length > 0 ||
    form.severities.length > 0 ||
    parts(form.rules).length > 0 ||
    Object.keys(labels).length > 0;
  if (!any) return 'Say what it covers: at least one of the fields above.';
  if (form.starts !== 'now' && !Number.isFinite(Date.parse(form.starts))) return 'Say when it starts.';
  return null;
}

/** The body that incident-service takes; a preview does not depend on the reason, so it gets one of its own. */
export function request(form: MuteForm, preview = false): Record<string, unknown> {
  const matchers: Partial<Matchers> = {};
  if (parts(form.services).length > 0) matchers.services = parts(form.services);
  if (parts(form.environments).length > 0) matchers.environments = parts(form.environments);
  if (form.severities.length > 0) matchers.severities = form.severities;
  if (parts(form.rules).length > 0) matchers.rules = parts(form.rules);
  const labels = labelsOf(form.labels) ?? {};
  if (Object.keys(labels).length > 0) matchers.labels = labels;
  const weekly = form.kind === 'maintenance' && form.weekly;
  const days = form.days.length > 0 ? { days: form.days } : {};
  return {
    matchers,
    reason: preview ? 'preview' : form.reason.trim(),
    ...(form.starts === 'now' ? {} : { startsAt: new Date(form.starts).toISOString() }),
    ...(weekly
      ? { recurring: { timeZone: form.timeZone, ...days, at: form.at, duration: form.length } }
      : { duration: form.length }),
  };
}

/** Of how many people know already, and what goes on being told of them; empty where of none. */
export function toldAlready(preview: MutePreview): string {
  const count = preview.told ?? 0;
  if (count === 0) return '';
  const waiting = preview.items.filter((i) => i.stepsWait).length;
  const steps = waiting === count ? 'escalation steps' : `escalation steps of ${waiting}`;
  const goesOn = `People were told of ${count === 1 ? 'one' : count} already: cards and messages go on`;
  return waiting === 0 ? `${goesOn}.` : `${goesOn}, ${steps} wait until it ends.`;
}

/** What becomes of the pages of one incident that a preview lists. */
export function fate(item: MutePreview['items'][number]): string {
  if (item.told) return item.stepsWait ? 'told already, escalation waits' : 'told already, goes on being told';
  return item.all ? 'muted' : `${item.muted} of its signals, so still told`;
}

/** What it covers, in words. */
export function coverage(m: Partial<Matchers>): string {
  const labels = Object.entries(m.labels ?? {}).map(([k, v]) => `${k}=${v}`);
  const all = [
    (m.services ?? []).join(', '),
    (m.environments ?? []).length > 0 ? `in ${m.environments?.join(', ')}` : '',
    (m.severities ?? []).join(', '),
    (m.rules ?? []).length > 0 ? `rule ${m.rules?.join(', ')}` : '',
    labels.join(', '),
  ].filter(Boolean);
  return all.join(' · ') || 'everything';
}

/** "every Sunday and Monday at 02:30 (Europe/Berlin) for 1 h"; null for what does not recur. */
export function recurrence(mute: Mute): string | null {
  const r = mute.recurring;
  if (!r) return null;
  const names = r.days.map(words);
  const days =
    names.length === 0 || names.length === 7
      ? 'every day'
      : `every ${names.slice(0, -1).join(', ')}${names.length > 1 ? ' and ' : ''}${names.at(-1)}`;
  const millis = durationMillis(r.duration);
  return `${days} at ${r.at} (${r.timeZone}) for ${Number.isFinite(millis) ? duration(millis) : r.duration}`;
}

/** In force first, then those to come by their start, then what is over, the newest first. */
export function muteOrder(a: Mute, b: Mute): number {
  const rank = (m: Mute) => (m.active ? 0 : isOver(m) ? 2 : 1);
  const start = (m: Mute) => m.active?.from ?? m.next?.from ?? m.startsAt;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  return rank(a) === 2
    ? (b.endedAt ?? b.endsAt ?? '').localeCompare(a.endedAt ?? a.endsAt ?? '')
    : start(a).localeCompare(start(b));
}

export function isOver(mute: Mute): boolean {
  return mute.state === 'EXPIRED' || mute.state === 'ENDED' || Boolean(mute.endedAt);
}
