import { computed, signal } from '@preact/signals';
import { call, itemsOf, sentence } from '../api/http';
import type { CatalogService, Health, Incident, Me, Overview, Rule, Run, SignalName, SignalsBatch } from '../api/types';
import { discovered, listed, metricsTopic, stillSending } from '../lib/discovered';
import { whileVisible } from '../lib/visible';
import { connection, interrupted, listen, reconnected, start } from '../live/live';
import { followChanges, loadChanges } from './changes';
import { agree, serverNow, tick } from './clock';
import { fill, forgetOthers, HISTORY_MILLIS, refill, seriesOf, targetKey, touched } from './points';
import {
  cameUp,
  healthIn,
  incidentIn,
  isActive,
  type Lost,
  lostIn,
  openOnly,
  payload,
  readOverview,
  readWaiting,
  replaceIncidents,
  replaceRuns,
  upsertHealth,
  upsertIncident,
  upsertRun,
} from './reducers';

export { now } from './clock';
export { seriesOf, targetKey, versionOf } from './points';

/** What the page knows. Filled once by HTTP, kept current by the live topics, read again only after a gap. */

export const me = signal<Me | null>(null);
export const loaded = signal(false);
export const loadError = signal<string | null>(null);
export const services = signal<readonly CatalogService[]>([]);
export const rules = signal<readonly Rule[]>([]);
export const health = signal<readonly Health[]>([]);
export const incidents = signal<readonly Incident[]>([]);
export const incidentsAsOf = signal<string | null>(null);
export const incidentsStale = signal(false);
export const statusPage = signal<Overview['statusPage']>(null);
export const catalogFaults = signal<readonly string[]>([]);
export const waitingAlerts = signal<Overview['waitingAlerts']>([]);
export const runs = signal<readonly Run[]>([]);
/** The sources whose live data monitor does not hear, and since when. */
export const lost = signal<Lost>({});
/** Why runs could not be read; what is shown of them may be incomplete then. */
export const runsError = signal<string | null>(null);

export const openIncidents = computed(() => openOnly(incidents.value));
export const activeRuns = computed(() => runs.value.filter(isActive));
export const downParts = computed(() => health.value.filter((h) => h.kind === 'watchtower' && h.state === 'DOWN'));
/** True while incident-service is down: what is shown of incidents is a copy, and nothing can be changed. */
export const readOnly = computed(
  () => incidentsStale.value || downParts.value.some((h) => partName(h.name) === 'incident'),
);

/** Since when what is shown of incidents may be wrong, because news of them could not come; null when all is well. */
export const incidentsUnsureSince = computed<number | null>(() => {
  const c = connection.value;
  if (c.state === 'reconnecting' || c.state === 'interrupted') return c.since;
  const asOf = lost.value['incident'] ?? (readOnly.value ? incidentsAsOf.value : null);
  if (asOf) return Date.parse(asOf);
  return readOnly.value ? 0 : null;
});

export function partName(name: string): string {
  return name.replace(/-service$/, '').replace(/^postgresql$/, 'postgres');
}

export interface Target {
  key: string;
  service: CatalogService;
  env: string;
  /** Whether it is known by its samples alone; the catalog does not name it. */
  discovered?: boolean;
}

/** What is known to have sent samples in the last day, as far as overviews told of it. */
export const sending = signal<readonly SignalsBatch[]>([]);

/** The catalog's services, then all others that send samples. */
export const targets = computed<Target[]>(() => {
  const catalog = services.value.flatMap((s) =>
    s.environments.map((env) => ({ key: targetKey(env, s.name), service: s, env })),
  );
  return [...catalog, ...discovered(sending.value, catalog)];
});

/** The environments that are known. */
export const environments = computed<ReadonlySet<string>>(() => new Set(targets.value.map((t) => t.env)));

/** The services that the overview lists; what they send comes live. */
export const listedTargets = computed(() => listed(targets.value, (key) => seriesOf(key).last?.ts, serverNow()));

export function ruleFor(service: string, signalName: SignalName): Rule | undefined {
  return rules.value.find(
    (r) =>
      r.signal === signalName &&
      typeof r.threshold === 'number' &&
      (r.services.length === 0 || r.services.includes('*') || r.services.includes(service)),
  );
}

export function can(scope: string): boolean {
  const scopes = me.value?.scopes ?? [];
  return scopes.some((s) => s.toLowerCase() === scope || s.toLowerCase() === 'admin');
}

/** What the probe of a watched service says; a probe may have a name of its own. */
export function probeOf(target: Target): Health | undefined {
  const { service, env } = target;
  return health.value.find(
    (h) => h.kind === 'target' && (h.service ?? h.name) === service.name && (!h.env || h.env === env),
  );
}

/** The health of one of Watchtower's own parts. */
export function healthOf(name: string): Health | undefined {
  return health.value.find((h) => h.kind === 'watchtower' && partName(h.name) === name);
}

export function takeIncident(incident: Incident): void {
  cameLive.add(incident.id);
  incidents.value = upsertIncident(incidents.value, incident);
}

export function takeRun(run: Run): void {
  runs.value = upsertRun(runs.value, run);
}

const AGAIN_MILLIS = 30_000;

/** One connection takes 500 subscriptions, and the pages need some of their own. */
const MOST_FOLLOWED = 450;
const following = new Map<string, { target: Target; stop: () => void }>();
/** The services whose pages are open. */
const openPages = new Set<Target>();

/** Has the signals of a service come live until the returned function is called, as those that are listed do. */
export function follow(target: Target): () => void {
  const held = { ...target };
  openPages.add(held);
  followWanted();
  return () => {
    openPages.delete(held);
    followWanted();
  };
}

/** Follows what is open or listed, and nothing else any more. */
function followWanted(): void {
  const all = new Map([...openPages, ...listedTargets.peek().shown].map((t) => [t.key, t]));
  const wanted = new Map([...all].slice(0, MOST_FOLLOWED));
  for (const [key, { target, stop }] of following) {
    if (wanted.has(key)) continue;
    stop();
    following.delete(key);
    toFill.delete(target);
  }
  for (const [key, target] of wanted) {
    if (following.has(key)) continue;
    following.set(key, { target, stop: listenTo(target) });
    toFill.add(target);
  }
  fillAtOnce();
}

/** Without a topic the overview alone brings points. */
function listenTo(target: Target): () => void {
  const { env, service } = target;
  const topic = metricsTopic(env, service.name);
  if (!topic) return () => undefined;
  return listen(topic, {
    message: (body) => {
      const batch = body as unknown as SignalsBatch;
      if (typeof batch.ts !== 'number' || !batch.signals) return;
      // Names with dots may share a topic.
      if (batch.env !== env || batch.service !== service.name) return;
      seriesOf(target.key).append({ ts: batch.ts, signals: batch.signals });
      touched(target.key);
    },
    missed: (since) => refill(env, service.name, since),
  });
}

const toFill = new Set<Target>();
let filling = 0;

/** Reads the stored points of all services that need it, a few at a time. */
async function fillWaiting(): Promise<void> {
  // While ingest is down nothing can be read; all is filled when it is back.
  if (filling >= 4 || healthOf('ingest')?.state === 'DOWN') return;
  filling++;
  for (const target of toFill) {
    toFill.delete(target);
    await fill(target.env, target.service.name, serverNow() - HISTORY_MILLIS).catch(() => undefined);
  }
  filling--;
}

function fillAtOnce(): void {
  for (let i = 0; i < 4; i++) void fillWaiting();
}

/** Fills whatever gaps an interruption left. */
function fillAll(): void {
  for (const { target } of following.values()) toFill.add(target);
  fillAtOnce();
}

function take(overview: Overview): void {
  agree(Date.parse(overview.asOf));
  services.value = overview.services;
  rules.value = overview.rules;
  health.value = overview.health;
  incidents.value = replaceIncidents(incidents.value, overview.incidents, cameLive);
  incidentsAsOf.value = overview.incidentsAsOf;
  incidentsStale.value = overview.incidentsStale;
  statusPage.value = overview.statusPage;
  waitingAlerts.value = overview.waitingAlerts;
  catalogFaults.value = overview.catalogFaults;
  for (const batch of overview.signals) {
    const key = targetKey(batch.env, batch.service);
    seriesOf(key).append({ ts: batch.ts, signals: batch.signals });
    touched(key);
  }
  sending.value = stillSending(sending.value, overview.signals, (key) => seriesOf(key).last?.ts, serverNow());
  followWanted();
  const known = new Set(targets.value.map((t) => t.key));
  forgetOthers(
    (key) => following.has(key),
    (key) => known.has(key),
  );
}

/** Incidents that were heard of since the overview was asked for: its answer may be older than they are. */
const cameLive = new Set<string>();
let reading: Promise<void> | null = null;
/** Whether the overview was asked for while it was being read: the answer may be from before the reason to ask. */
let again = false;
let failures = 0;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Reads the overview, twice if need be; after a failure again after a while, until it works. */
export function load(): Promise<void> {
  if (reading) {
    again = true;
    return reading;
  }
  clearTimeout(retry);
  reading = read();
  return reading;
}

async function read(): Promise<void> {
  try {
    do {
      again = false;
      cameLive.clear();
      take(readOverview(await call('GET', '/bff/overview')));
      loaded.value = true;
      loadError.value = null;
      failures = 0;
    } while (again);
  } catch (e) {
    loadError.value = sentence(e);
    retry = setTimeout(() => void load(), Math.min(15_000, 1000 * 2 ** failures++));
  } finally {
    reading = null;
  }
}

/** Reads the runs; a failure is told in `runsError`, and what was known stays. */
export async function loadRuns(): Promise<void> {
  try {
    runs.value = replaceRuns(runs.value, itemsOf<Run>(await call('GET', '/bff/chaos/api/v1/runs')));
    runsError.value = null;
  } catch (e) {
    runsError.value = sentence(e);
  }
}

function catchUp(): void {
  void load().then(fillAll);
  loadLists();
}

/** A source has more to tell than the topics repeat: whatever is read after a reconnect is read now. */
function sourceIsBack(): void {
  for (const f of [...reconnected]) f();
}

/** Takes a message of `/topic/health`: the parts, the sources that monitor does not hear, and what is on its page. */
export function takeHealth(body: Record<string, unknown>): void {
  const before = health.value;
  health.value = healthIn(body).reduce<readonly Health[]>((known, h) => upsertHealth(known, h), before);
  const wasLost = lost.value;
  lost.value = lostIn(wasLost, body);
  const waits = readWaiting(body);
  if (waits.statusPage) statusPage.value = waits.statusPage;
  if (waits.waitingAlerts) waitingAlerts.value = waits.waitingAlerts;
  if (waits.catalogFaults) catalogFaults.value = waits.catalogFaults;
  if (cameUp(before, health.value) || Object.keys(wasLost).some((s) => !(s in lost.value))) sourceIsBack();
}

function loadLists(): void {
  void loadRuns();
  void loadChanges();
}

/** Starts everything: who am I, what is there, and the live connection. */
export function boot(): void {
  tick();
  const whoAmI = () =>
    call('GET', '/bff/me')
      .then((m) => {
        me.value = m as Me;
      })
      .catch(() => undefined);
  void whoAmI();
  listen('/topic/health', {
    message: takeHealth,
    missed: () => void load(),
  });
  listen('/topic/incidents', {
    message: (body) => {
      const incident = incidentIn(body);
      if (!incident) return;
      takeIncident(incident);
      incidentsStale.value = false;
    },
    missed: () => void load(),
  });
  listen('/topic/runs', {
    message: (body) => {
      const run = payload<Run>(body, 'run', 'experiment');
      if (!run) return;
      takeRun(run);
      void loadChanges();
    },
    missed: () => void loadRuns(),
  });
  reconnected.add(catchUp);
  interrupted.add(() => void whoAmI());
  start();
  void load();
  // Neither a new service nor an edit of the catalog is told by a topic.
  whileVisible(() => void load(), AGAIN_MILLIS);
  void loadRuns();
  followChanges();
}
