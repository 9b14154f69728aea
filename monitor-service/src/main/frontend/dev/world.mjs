// A plausible little world for the mock: three services, one incident, runs, notifications. Deterministic noise, no dependencies.
import { randomUUID } from 'node:crypto';

const iso = (ms) => new Date(ms).toISOString();
const born = Date.now();

export const services = [
  {
    name: 'storefront',
    title: 'Storefront',
    owner: 'shop',
    tier: 1,
    environments: ['prod'],
    dependencies: ['checkout'],
    runbook: 'runbook.md#high-error-rate',
  },
  {
    name: 'checkout',
    title: 'Checkout',
    owner: 'shop',
    tier: 1,
    environments: ['prod'],
    dependencies: ['inventory'],
    runbook: 'runbook.md#high-error-rate',
  },
  {
    name: 'inventory',
    title: 'Inventory',
    owner: 'shop',
    tier: 2,
    environments: ['prod'],
    dependencies: [],
    runbook: 'runbook.md#high-error-rate',
  },
];

export const rules = [
  {
    name: 'high-error-rate',
    kind: 'THRESHOLD',
    signal: 'error_rate',
    comparison: '>',
    threshold: 0.05,
    services: ['*'],
    severity: 'SEV2',
    runbook: 'runbook.md#high-error-rate',
  },
  {
    name: 'high-latency',
    kind: 'THRESHOLD',
    signal: 'latency_p95',
    comparison: '>',
    threshold: 0.5,
    services: ['*'],
    severity: 'SEV3',
    runbook: 'runbook.md#high-latency',
  },
  {
    name: 'cpu-saturated',
    kind: 'THRESHOLD',
    signal: 'cpu',
    comparison: '>',
    threshold: 0.9,
    services: ['*'],
    severity: 'SEV3',
    runbook: 'runbook.md#cpu-saturated',
  },
];

/** As ingest-service shows the rules, in Prometheus' form: one fires, one is about to, one cannot be looked at. */
export function alertingRules(empty) {
  const at = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
  const alert = (service, state, seconds, more = {}) => ({
    labels: { service, env: 'prod', ...more },
    state,
    activeAt: at(seconds),
  });
  const rule = (r, more) => ({
    name: r.name,
    state: 'inactive',
    query: r.query ?? `${r.signal} ${r.comparison} ${r.threshold}`,
    duration: 3,
    labels: { severity: r.severity },
    annotations: { summary: r.summary ?? 'A limit is broken' },
    alerts: [],
    health: 'ok',
    ...more,
  });
  const all = [
    ...rules.map((r) => rule(r, {})),
    rule(
      {
        name: 'queue-grows',
        severity: 'SEV3',
        query: 'sum by (service, env, queue) (rate(queue_added_messages_total{queue!="dead-letters"}[5m])) > 20',
      },
      { state: 'pending', alerts: [alert('checkout', 'pending', 2, { queue: 'mail' })] },
    ),
    rule(
      { name: 'too-much', severity: 'SEV4', query: 'count by (service) ({__name__=~".+"}) > 1000' },
      { health: 'err', lastError: 'the query reads more than 10,000 series' },
    ),
  ];
  const names = ['checkout', 'storefront', 'inventory', 'search', 'mail', 'ledger', 'billing'];
  Object.assign(all[0], {
    state: 'firing',
    alerts: names.map((s, i) => alert(s, i < 6 ? 'firing' : 'pending', 60 * i + 5)),
  });
  return { status: 'success', data: { groups: empty ? [] : [{ name: 'watchtower', rules: all }] } };
}

export const experiments = [
  {
    name: 'checkout-latency',
    title: 'Checkout answers slowly',
    hypothesis: 'Watchtower sees slow orders within 15 s and names checkout.',
    kind: 'latency',
    service: 'checkout',
    env: 'prod',
    target: 'http://127.0.0.1:8091',
    parameters: { millis: 1200, 'jitter-millis': 200, ratio: 1 },
    durationSeconds: 120,
    possible: true,
    blind: false,
  },
  {
    name: 'checkout-errors',
    title: 'Checkout fails',
    hypothesis: 'Watchtower sees failing orders within 15 s and names checkout.',
    kind: 'errors',
    service: 'checkout',
    env: 'prod',
    target: 'http://127.0.0.1:8091',
    parameters: { ratio: 0.7, status: 500 },
    durationSeconds: 120,
    possible: true,
    blind: false,
  },
  {
    name: 'inventory-cpu',
    title: 'Inventory burns its CPU',
    hypothesis: 'Watchtower sees the saturated CPU of inventory within 20 s.',
    kind: 'cpu',
    service: 'inventory',
    env: 'prod',
    target: 'http://127.0.0.1:8092',
    parameters: { load: 1 },
    durationSeconds: 60,
    possible: true,
    blind: false,
  },
  {
    name: 'inventory-db-down',
    title: 'Inventory loses its database',
    hypothesis: 'Watchtower sees failing reservations within 15 s and names inventory, not checkout.',
    kind: 'db-down',
    service: 'inventory',
    env: 'prod',
    target: 'http://127.0.0.1:8092',
    parameters: {},
    durationSeconds: 120,
    possible: true,
    blind: false,
  },
  {
    name: 'checkout-crash',
    title: 'Checkout dies',
    hypothesis: 'Watchtower sees the crash within 10 s and restarts checkout by itself.',
    kind: 'crash',
    service: 'checkout',
    env: 'prod',
    target: null,
    parameters: {},
    durationSeconds: 120,
    possible: true,
    blind: false,
  },
];

export const state = {
  incidents: [],
  timelines: new Map(),
  analyses: new Map(),
  runs: [],
  health: [],
  events: [],
  faults: [],
  incidentDown: false,
  mustChangePassword: false,
};

// Faults that bend the signals: {service, kind, from, to}.
export function active(service, kind, at) {
  return state.faults.some((f) => f.service === service && f.kind === kind && at >= f.from && at <= f.to);
}

function noise(seed, at, period) {
  const x = Math.sin(seed * 12.9898 + Math.floor(at / period) * 78.233) * 43758.5453;
  return x - Math.floor(x) - 0.5;
}

export function signalsAt(service, at) {
  const seed = service.length + service.charCodeAt(0);
  const wave = Math.sin(at / 70_000 + seed) * 0.5 + Math.sin(at / 23_000) * 0.3;
  const n = (k, p = 1000) => noise(seed + k, at, p);
  const base = { storefront: 42, checkout: 11, inventory: 14 }[service] ?? 5;
  const latency = { storefront: 0.082, checkout: 0.046, inventory: 0.014 }[service] ?? 0.02;
  const errors = active(service, 'errors', at) ? 0.68 + n(1) * 0.1 : 0;
  const upstream = service === 'storefront' && active('checkout', 'errors', at) ? 0.17 + n(2) * 0.05 : 0;
  const slow = active(service, 'latency', at)
    ? 1.2 + n(3) * 0.2
    : service === 'storefront' && active('checkout', 'latency', at)
      ? 0.5
      : 0;
  const p50 = latency * (1 + wave * 0.15 + n(4) * 0.2) + slow * 0.6;
  const p95 = latency * (2.3 + wave * 0.3 + n(5) * 0.6) + slow;
  return {
    traffic: Math.max(0, base * (1 + wave * 0.2 + n(6) * 0.12)),
    error_rate: Math.max(0, errors + upstream + (n(7, 5000) > 0.44 ? 0.006 : 0)),
    latency_p50: p50,
    latency_p95: p95,
    latency_p99: p95 * (1.35 + n(8) * 0.3),
    cpu: active(service, 'cpu', at) ? 0.97 + n(9) * 0.04 : Math.max(0.01, 0.12 + wave * 0.05 + n(9) * 0.05),
    memory: 0.38 + (((at / 1000 + seed * 17) % 90) / 90) * 0.24,
  };
}

export function incidentView(i) {
  const allowed = {
    OPEN: ['ACKNOWLEDGE', 'INVESTIGATE', 'DISMISS'],
    ACKNOWLEDGED: ['INVESTIGATE', 'MITIGATE', 'DISMISS'],
    INVESTIGATING: ['IDENTIFY', 'MITIGATE', 'DISMISS'],
    IDENTIFIED: ['MITIGATE'],
    MITIGATED: ['RESOLVE'],
    RESOLVED: [],
  };
  return { ...i, allowedEvents: allowed[i.state] };
}

export function entry(id, kind, actor, summary, data = {}, ts = Date.now()) {
  const list = state.timelines.get(id) ?? [];
  const e = {
    seq: list.length + 1,
    ts: iso(ts),
    kind,
    actor,
    summary,
    data,
    hash: randomUUID().replaceAll('-', ''),
    previousHash: list.at(-1)?.hash ?? '0'.repeat(64),
  };
  list.push(e);
  state.timelines.set(id, list);
  return e;
}

const PERSON = { type: 'PERSON', name: 'admin' };
const INGEST = { type: 'SERVICE', name: 'ingest' };

function seedIncident({
  number,
  title,
  service,
  severity,
  kind,
  rule,
  openedAgo,
  state: st,
  assignee,
  signal,
  resolvedAgo,
}) {
  const opened = born - openedAgo;
  const id = randomUUID();
  const i = {
    id,
    number,
    title,
    state: st,
    severity,
    service,
    env: 'prod',
    version: 3,
    openedAt: iso(opened),
    acknowledgedAt: st === 'OPEN' ? null : iso(opened + 40_000),
    mitigatedAt: resolvedAgo ? iso(born - resolvedAgo - 120_000) : null,
    resolvedAt: resolvedAgo ? iso(born - resolvedAgo) : null,
    assignee,
    recurrenceOf: null,
    signals: [
      {
        fingerprint: id.slice(0, 12),
        kind,
        status: resolvedAgo ? 'CLEARED' : 'FIRING',
        rule,
        service,
        severity,
        summary: signal,
        firedAt: iso(opened),
        clearedAt: resolvedAgo ? iso(born - resolvedAgo - 130_000) : null,
        evidence: {
          expression: rule === 'high-error-rate' ? 'error_rate > 0.05 for 3s' : 'latency_p95 > 0.5 for 3s',
          value: 0.684,
          threshold: 0.05,
          from: iso(opened - 10_000),
          to: iso(opened),
          labels: {},
        },
      },
    ],
  };
  state.incidents.push(i);
  entry(id, 'SIGNAL_FIRED', INGEST, signal, { rule, value: 0.684, threshold: 0.05 }, opened);
  entry(
    id,
    'STATE_CHANGED',
    { type: 'POLICY', name: 'policy:open' },
    'Incident opened',
    { from: null, to: 'OPEN' },
    opened + 20,
  );
  entry(
    id,
    'NOTIFICATION',
    { type: 'SERVICE', name: 'incident' },
    'Card posted in Discord',
    { channel: 'discord' },
    opened + 400,
  );
  return i;
}

export function seed() {
  const now = born;
  state.events.push(
    {
      id: 'd1',
      source: 'github.com/shop',
      type: 'dev.cdevents.service.deployed.0.3.0',
      service: 'checkout',
      env: 'prod',
      time: iso(now - 198_000),
      summary: 'checkout 2.14.0 deployed by ann',
      data: { version: '2.14.0' },
    },
    {
      id: 'd2',
      source: 'github.com/shop',
      type: 'dev.cdevents.service.deployed.0.3.0',
      service: 'storefront',
      env: 'prod',
      time: iso(now - 5_400_000),
      summary: 'storefront 1.8.2 deployed by ben',
      data: { version: '1.8.2' },
    },
  );
  state.faults.push({ service: 'checkout', kind: 'errors', from: now - 150_000, to: now + 100_000_000 });
  seedIncident({
    number: 40,
    title: 'Inventory: the CPU is saturated',
    service: 'inventory',
    severity: 'SEV3',
    kind: 'THRESHOLD',
    rule: 'cpu-saturated',
    openedAgo: 90_000_000,
    resolvedAgo: 88_800_000,
    state: 'RESOLVED',
    assignee: 'ben',
    signal: 'cpu is 0.97 (limit 0.9)',
  });
  seedIncident({
    number: 41,
    title: 'Checkout: requests are slow',
    service: 'checkout',
    severity: 'SEV3',
    kind: 'THRESHOLD',
    rule: 'high-latency',
    openedAgo: 9_000_000,
    resolvedAgo: 7_800_000,
    state: 'RESOLVED',
    assignee: 'ann',
    signal: 'latency_p95 is 1.31 s (limit 0.5 s)',
  });
  const i = seedIncident({
    number: 42,
    title: 'Checkout: too many requests fail',
    service: 'checkout',
    severity: 'SEV2',
    kind: 'THRESHOLD',
    rule: 'high-error-rate',
    openedAgo: 142_000,
    state: 'OPEN',
    assignee: null,
    signal: 'error_rate is 68 % (limit 5 %) over 10 s',
  });
  i.version = 1;
  i.acknowledgedAt = null;
  i.signals.push({
    fingerprint: 'ff',
    kind: 'THRESHOLD',
    status: 'FIRING',
    rule: 'high-error-rate',
    service: 'storefront',
    severity: 'SEV2',
    summary: 'error_rate of storefront is 17 % (limit 5 %)',
    firedAt: iso(now - 139_000),
    clearedAt: null,
    evidence: {
      expression: 'error_rate > 0.05 for 3s',
      value: 0.17,
      threshold: 0.05,
      from: iso(now - 149_000),
      to: iso(now - 139_000),
      labels: {},
    },
  });
  entry(
    i.id,
    'CHANGE_EVENT',
    { type: 'SERVICE', name: 'ingest' },
    'checkout 2.14.0 deployed by ann, 56 s before the first signal',
    { version: '2.14.0' },
    now - 141_000,
  );
  entry(
    i.id,
    'SIGNAL_FIRED',
    INGEST,
    'error_rate of storefront is 17 % (limit 5 %)',
    { rule: 'high-error-rate' },
    now - 139_000,
  );
  entry(
    i.id,
    'ANALYSIS',
    { type: 'SERVICE', name: 'analysis' },
    'Most likely: the deployment of checkout 2.14.0 broke the order path (statistical ranking)',
    {},
    now - 138_000,
  );
  entry(
    i.id,
    'REMEDIATION',
    { type: 'POLICY', name: 'policy:restart-crashed-shop-process' },
    'Not run: checkout answers its probe, a restart would not help',
    {},
    now - 136_000,
  );
  entry(
    i.id,
    'ANNOTATION',
    PERSON,
    'Orders from the app fail, the **web shop** still works for cached pages. See `checkout` logs.\n\n- rollback is ready\n- asked payments',
    {},
    now - 60_000,
  );
  const ev = (id, kind, service, metric, summary, a, b) => ({
    id,
    kind,
    service,
    metric,
    summary,
    from: a === null ? null : iso(now - a),
    to: b === null ? null : iso(now - b),
  });
  state.analyses.set(i.id, [
    {
      id: randomUUID(),
      incidentId: i.id,
      status: 'DONE',
      source: 'STATISTICAL',
      degraded: 'no model configured',
      candidates: [
        { service: 'checkout', signal: 'error_rate', score: 18.4, evidence: ['e1', 'e3'] },
        { service: 'storefront', signal: 'error_rate', score: 6.2, evidence: ['e2'] },
        { service: 'checkout', signal: 'latency_p95', score: 1.1, evidence: [] },
        { service: 'inventory', signal: 'cpu', score: 0.4, evidence: [] },
      ],
      hypotheses: [
        {
          rank: 1,
          statement:
            'The deployment of checkout 2.14.0 broke the order path: its errors rose from 0 % to 68 % within a minute of it, before any other signal moved.',
          confidence: 0.86,
          evidence: ['e1', 'e3'],
        },
        {
          rank: 2,
          statement: 'Storefront fails because it depends on checkout; its own errors follow those of checkout by 3 s.',
          confidence: 0.52,
          evidence: ['e2', 'e4'],
        },
      ],
      suggestions: [
        { text: 'Roll checkout back to 2.13.7.', kind: 'ROLLBACK', evidence: ['e3'] },
        {
          text: 'Look at the errors in the log of checkout since 10 s before the first signal.',
          kind: 'CHECK',
          evidence: ['e1'],
        },
      ],
      risk: {
        level: 'HIGH',
        blastRadius: ['checkout', 'storefront'],
        why: 'checkout is tier 1 and storefront, tier 1, depends on it: customers cannot order.',
      },
      evidence: [
        ev(
          'e1',
          'DEVIATION',
          'checkout',
          'error_rate',
          'error_rate 0.684 against 0.001 ± 0.002 in the 15 min before',
          262_000,
          82_000,
        ),
        ev('e2', 'DEVIATION', 'storefront', 'error_rate', 'error_rate 0.171 against 0.001 ± 0.002', 262_000, 82_000),
        ev('e3', 'CHANGE', 'checkout', null, 'checkout 2.14.0 deployed 56 s before the first signal', 198_000, null),
        ev('e4', 'DEPENDENCY', 'storefront', null, 'storefront calls checkout', null, null),
        ev('e5', 'MISSING', 'inventory', null, 'No telemetry of inventory between 14:00 and 14:01', null, null),
      ],
      model: null,
      tokens: 0,
      millis: 412,
      createdAt: iso(now - 138_000),
    },
  ]);
  state.health = [
    ...['ingest', 'incident', 'analysis', 'monitor', 'chaos', 'postgres'].map((name, k) => ({
      name,
      kind: 'watchtower',
      state: 'UP',
      since: iso(now - 3_600_000),
      lastCheck: iso(now),
      latencyMillis: 4 + k * 2,
      detail: null,
    })),
    ...services.map((s, k) => ({
      name: s.name,
      kind: 'target',
      state: 'UP',
      since: iso(now - 3_600_000),
      lastCheck: iso(now),
      latencyMillis: 6 + k * 3,
      detail: null,
    })),
  ];
  state.runs.push({
    id: randomUUID(),
    experiment: 'inventory-cpu',
    kind: 'cpu',
    target: 'inventory',
    env: 'prod',
    parameters: { load: 1 },
    state: 'ENDED',
    blind: false,
    startedBy: 'user:ben',
    startedAt: iso(now - 90_010_000),
    endsAt: iso(now - 89_950_000),
    endedAt: iso(now - 89_950_000),
    endReason: 'deadline reached',
    log: [
      { at: iso(now - 90_010_000), text: 'Lease accepted by inventory' },
      { at: iso(now - 89_950_000), text: 'Lease ended, inventory confirmed' },
    ],
  });
}
