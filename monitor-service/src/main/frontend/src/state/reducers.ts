import { isRecord, itemsOf } from '../api/http';
import type {
  ChangeEvent,
  Health,
  Incident,
  IncidentSignal,
  Overview,
  Run,
  Severity,
  SignalsBatch,
  TimelineEntry,
} from '../api/types';

/** How messages change what is known. Pure: the old list in, the new list out; the same list when nothing changed. */

const BY_SEVERITY: Record<Severity, number> = { SEV1: 1, SEV2: 2, SEV3: 3, SEV4: 4 };

/** What users still feel before what is mitigated; of those the worst first, then the oldest. The order does not depend on which message came last, so that nothing jumps. */
export function incidentOrder(a: Incident, b: Incident): number {
  return (
    Number(isMitigated(a)) - Number(isMitigated(b)) ||
    BY_SEVERITY[a.severity] - BY_SEVERITY[b.severity] ||
    a.openedAt.localeCompare(b.openedAt) ||
    a.number - b.number
  );
}

function isMitigated(i: Incident): boolean {
  return i.state === 'MITIGATED' || i.state === 'RESOLVED';
}

/** Takes an incident in; an older version than the known one changes nothing, and a partial one loses no signal. */
export function upsertIncident(list: readonly Incident[], incoming: Incident): readonly Incident[] {
  const known = list.find((i) => i.id === incoming.id);
  if (known && known.version > incoming.version) return list;
  return [...list.filter((i) => i.id !== incoming.id), known ? merged(known, incoming) : incoming].sort(incidentOrder);
}

function merged(known: Incident, incoming: Incident): Incident {
  if (!incoming.partial) return incoming;
  // Monitor's copy of a version may have less of its signals than incident-service gave for it.
  if (!known.partial && known.version === incoming.version)
    return { ...incoming, signals: known.signals, partial: false };
  return { ...incoming, signals: overlaid(known.signals, incoming.signals) };
}

function overlaid(known: readonly IncidentSignal[], incoming: readonly IncidentSignal[]): IncidentSignal[] {
  const byFingerprint = new Map(known.map((s) => [s.fingerprint, s]));
  for (const s of incoming) byFingerprint.set(s.fingerprint, s);
  return [...byFingerprint.values()];
}

/** The incident in a message. */
export function incidentIn(message: Record<string, unknown>): Incident | null {
  return payload<Incident>(message, 'incident', 'allowedEvents');
}

export function openOnly(list: readonly Incident[]): Incident[] {
  return list.filter((i) => i.state !== 'RESOLVED');
}

const RUN_ORDER: Record<Run['state'], number> = { STARTING: 0, RUNNING: 1, STOPPING: 2, ENDED: 3, FAILED: 3 };

/** Takes a run in, the newest first; a run never goes back from a later state to an earlier one. */
export function upsertRun(list: readonly Run[], incoming: Run, keep = 50): readonly Run[] {
  const known = list.find((r) => r.id === incoming.id);
  if (known && RUN_ORDER[known.state] > RUN_ORDER[incoming.state]) return list;
  return [...list.filter((r) => r.id !== incoming.id), incoming]
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
    .slice(0, keep);
}

/** Takes the server's list of runs in; a run that it does not name is gone, one that it names is never set back. */
export function replaceRuns(known: readonly Run[], list: readonly Run[]): readonly Run[] {
  const named = new Set(list.map((r) => r.id));
  return list.reduce<readonly Run[]>(
    (all, run) => upsertRun(all, run),
    known.filter((r) => named.has(r.id)),
  );
}

const changeKey = (c: ChangeEvent) => `${c.source}\n${c.id}`;

/** The most that is kept of one service in one environment, and of all: the newest. */
const CHANGES_EACH = 200;
const CHANGES_ALL = 5000;

/** Takes changes in, the newest first; what is from before `since` (milliseconds) is left out. */
export function mergeChanges(
  list: readonly ChangeEvent[],
  incoming: readonly ChangeEvent[],
  since: number,
): readonly ChangeEvent[] {
  const byKey = new Map(list.map((c) => [changeKey(c), c]));
  let changed = list.some((c) => Date.parse(c.time) < since);
  for (const c of incoming) {
    if (byKey.has(changeKey(c))) continue;
    byKey.set(changeKey(c), c);
    changed = true;
  }
  if (!changed) return list;
  const kept = new Map<string, number>();
  return [...byKey.values()]
    .filter((c) => Date.parse(c.time) >= since)
    .sort((a, b) => b.time.localeCompare(a.time))
    .filter((c) => {
      const place = `${c.env ?? ''}\n${c.service ?? ''}`;
      const n = (kept.get(place) ?? 0) + 1;
      kept.set(place, n);
      return n <= CHANGES_EACH;
    })
    .slice(0, CHANGES_ALL);
}

/** Names of one environment, as ingest takes them: pipelines say production where telemetry says prod. */
const SAME_ENV = ['prod production prd live', 'stage staging stg', 'test testing', 'dev development'].map((s) =>
  s.split(' '),
);

function isSameEnv(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a === b || SAME_ENV.some((names) => names.includes(a) && names.includes(b));
}

/**
 * The changes that touch a service in an environment, whatever they call it; one that names none touches all, and one
 * that names another of those that are known (`envs`) touches that alone.
 */
export function changesOf(
  list: readonly ChangeEvent[],
  service: string,
  env: string,
  envs: ReadonlySet<string>,
): ChangeEvent[] {
  return list.filter(
    (c) => c.service === service && (!c.env || c.env === env || (!envs.has(c.env) && isSameEnv(c.env, env))),
  );
}

/** Whether an incident is a service's: about it, or with a signal of it. The server's rule for `?service=`. */
export function isOf(incident: Incident, service: string): boolean {
  return incident.service === service || incident.signals.some((s) => s.service === service);
}

/** Whether an incident says that a service is not well now: it is about it, or a signal of it fires in it. */
export function troubles(incident: Incident, service: string): boolean {
  return incident.service === service || incident.signals.some((s) => s.service === service && s.status === 'FIRING');
}

export function isActive(run: Run): boolean {
  return run.state === 'STARTING' || run.state === 'RUNNING' || run.state === 'STOPPING';
}

export function upsertHealth(list: readonly Health[], incoming: Health): readonly Health[] {
  return list.some((h) => h.name === incoming.name)
    ? list.map((h) => (h.name === incoming.name ? { ...h, ...incoming } : h))
    : [...list, incoming];
}

/** Takes timeline entries in, in their order, each `seq` once. */
export function mergeTimeline(
  list: readonly TimelineEntry[],
  incoming: readonly TimelineEntry[],
): readonly TimelineEntry[] {
  const known = new Set(list.map((e) => e.seq));
  const fresh = incoming.filter((e) => !known.has(e.seq));
  return fresh.length === 0 ? list : [...list, ...fresh].sort((a, b) => a.seq - b.seq);
}

/** Whether one of Watchtower's own parts works that did not: was down, or was not known to work. */
export function cameUp(before: readonly Health[], after: readonly Health[]): boolean {
  return after.some(
    (h) => h.kind === 'watchtower' && h.state === 'UP' && before.some((b) => b.name === h.name && b.state !== 'UP'),
  );
}

/** Sources whose live data is interrupted, by name, with the time since when. */
export type Lost = Readonly<Record<string, string>>;

/** Takes in that a source was lost or is back, or which ones are lost at all; the first `since` of a source stays. */
export function lostIn(known: Lost, message: Record<string, unknown>): Lost {
  const all = message['lost'];
  if (Array.isArray(all)) {
    const named = all.filter(isRecord).filter((l) => typeof l['source'] === 'string');
    const next = Object.fromEntries(
      named.map((l) => [String(l['source']), known[String(l['source'])] ?? String(l['since'] ?? '')]),
    );
    return Object.keys(next).sort().join() === Object.keys(known).sort().join() ? known : next;
  }
  const source = message['source'];
  if (typeof message['interrupted'] !== 'boolean' || typeof source !== 'string') return known;
  const { [source]: since, ...others } = known;
  if (message['interrupted'])
    return since === undefined ? { ...known, [source]: String(message['since'] ?? '') } : known;
  return since === undefined ? known : others;
}

/**
 * Takes the server's list of open incidents in. An open one that it does not name is over, unless it is in `newer`:
 * heard of since the list was asked for.
 */
export function replaceIncidents(
  known: readonly Incident[],
  list: readonly Incident[],
  newer: ReadonlySet<string>,
): readonly Incident[] {
  const versions = new Map(list.map((i) => [i.id, i.version]));
  return list.reduce<readonly Incident[]>(
    (all, i) => upsertIncident(all, i),
    known.filter((i) => i.state === 'RESOLVED' || newer.has(i.id) || versions.get(i.id) === i.version),
  );
}

/** The record in a message: the message itself, or what it carries under `name`. */
export function payload<T>(message: Record<string, unknown>, name: string, mark: string): T | null {
  const inner = message[name];
  if (isRecord(inner)) return inner as T;
  return mark in message ? (message as T) : null;
}

/** The timeline entries in a message about one incident. */
export function entriesIn(message: Record<string, unknown>): TimelineEntry[] {
  if (Array.isArray(message['entries'])) return message['entries'] as TimelineEntry[];
  const one = payload<TimelineEntry>(message, 'entry', 'actor');
  return one ? [one] : [];
}

/** The health records in a message: one, a list under `health` or `components`, or the message itself. */
export function healthIn(message: Record<string, unknown>): Health[] {
  for (const name of ['health', 'components', 'items']) {
    const inner = message[name];
    if (Array.isArray(inner)) return inner as Health[];
    if (isRecord(inner)) return [inner as unknown as Health];
  }
  return typeof message['name'] === 'string' && typeof message['state'] === 'string'
    ? [message as unknown as Health]
    : [];
}

/** The status page in a line, the alerts that wait, faults of the catalog; null for what the message does not say. */
export function readWaiting(message: Record<string, unknown>): {
  statusPage: Overview['statusPage'];
  waitingAlerts: Overview['waitingAlerts'] | null;
  catalogFaults: Overview['catalogFaults'] | null;
} {
  const { waitingAlerts: alerts, catalogFaults: faults } = message;
  return {
    statusPage: pageIn(message['statusPage']),
    waitingAlerts: Array.isArray(alerts) ? alerts : null,
    catalogFaults: Array.isArray(faults) ? faults : null,
  };
}

function pageIn(page: unknown): Overview['statusPage'] {
  if (!isRecord(page)) return null;
  const { indicator, description } = page;
  return {
    indicator: typeof indicator === 'string' ? indicator : 'none',
    description: typeof description === 'string' ? description : '',
  };
}

/** Reads the overview; what is missing is empty, never made up. */
export function readOverview(body: unknown): Overview {
  const o = isRecord(body) ? body : {};
  const incidents = o['incidents'];
  const text = (v: unknown) => (typeof v === 'string' ? v : null);
  const within = isRecord(incidents) ? incidents : {};
  return {
    asOf: text(o['asOf']) ?? '',
    services: itemsOf(o['services']),
    rules: itemsOf(o['rules']),
    signals: itemsOf<SignalsBatch>(o['signals']),
    health: itemsOf(o['health'] ?? o['components']),
    incidents: itemsOf<Incident>(incidents ?? o['openIncidents']),
    incidentsAsOf: text(o['incidentsAsOf']) ?? text(within['asOf']),
    incidentsStale: o['incidentsStale'] === true || within['stale'] === true,
    statusPage: pageIn(o['statusPage']),
    waitingAlerts: itemsOf(o['waitingAlerts']),
    catalogFaults: itemsOf(o['catalogFaults']),
  };
}
