// A stand-in for monitor-service: /bff, /live and the built pages with the real Content-Security-Policy. Development only, never shipped.
// MOCK_PORT (8079), OUT_DIR (built pages, optional), MOCK=calm|run|down|empty|password|long|viewer|lost|many,… chooses what is going on.
import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { declareRoute } from './declared.mjs';
import { deskRoutes, moved, seedDesk } from './desk.mjs';
import { stompServer } from './stomp.mjs';
import {
  active,
  alertingRules,
  entry,
  experiments,
  incidentView,
  rules,
  seed,
  services,
  signalsAt,
  state,
} from './world.mjs';

const port = Number(process.env.MOCK_PORT ?? 8079);
const out = process.env.OUT_DIR ?? join(import.meta.dirname, '../../../../target/classes/static');
const modes = new Set((process.env.MOCK ?? '').split(','));
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const iso = (ms = Date.now()) => new Date(ms).toISOString();

if (!modes.has('empty')) {
  seed();
  seedDesk();
}
if (modes.has('calm')) {
  state.faults.length = 0;
  state.incidents = state.incidents.filter((i) => i.state === 'RESOLVED');
}
if (modes.has('down')) {
  for (const h of state.health) {
    if (['incident', 'ingest'].includes(h.name))
      Object.assign(h, { state: 'DOWN', since: iso(Date.now() - 95_000), detail: 'connection refused' });
  }
}
if (modes.has('many')) {
  const one = state.incidents.find((i) => i.state === 'OPEN') ?? state.incidents[0];
  for (let n = 1; n <= 1000; n++) {
    const number = 1000 + n;
    const severity = n % 10 === 0 ? 'SEV1' : 'SEV3';
    state.incidents.push({ ...one, id: randomUUID(), number, state: 'OPEN', severity, resolvedAt: null });
  }
}
if (modes.has('run')) startRun('checkout-latency', 'user:ann');
const stale = modes.has('down');

const server = createServer(async (request, response) => {
  const url = new URL(request.url, 'http://mock');
  const chunks = [];
  for await (const c of request) chunks.push(c);
  const text = Buffer.concat(chunks).toString();
  const body = request.headers['content-type']?.includes('json') && text ? JSON.parse(text) : null;
  const answer = (status, value) => {
    const problem = status >= 400;
    response.writeHead(status, {
      'Content-Type': problem ? 'application/problem+json' : 'application/json',
      'Cache-Control': 'no-store',
    });
    response.end(value === undefined ? '' : JSON.stringify(value, modes.has('long') ? lengthened : undefined));
  };
  const problem = (status, name, detail, more = {}) =>
    answer(status, { type: `/problems/${name}`, title: name, status, detail, ...more });
  try {
    const route = `${request.method} ${url.pathname}`;
    for (const [pattern, handle] of [...DESK, ...ROUTES]) {
      const m = pattern.exec(route);
      if (m) {
        // While incident-service is down, all that is asked of it fails.
        if (stale && url.pathname.startsWith('/bff/incident/'))
          return problem(503, 'peer-down', 'incident-service is down since 14:02:11.');
        return handle({ url, body, m: m.slice(1), answer, problem });
      }
    }
    if (/^\/(bff|api)\//.test(url.pathname))
      return problem(404, 'not-found', `The mock has nothing at ${url.pathname}.`);
    return page(url.pathname, response);
  } catch (e) {
    problem(500, 'internal', String(e?.stack ?? e));
  }
});

function page(path, response) {
  let file = normalize(join(out, path));
  if (!file.startsWith(normalize(out)) || !existsSync(file) || statSync(file).isDirectory())
    file = join(out, 'index.html');
  if (!existsSync(file)) {
    response.writeHead(404).end('No built pages. Run: OUT_DIR=… npm run build');
    return;
  }
  response.writeHead(200, {
    'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Security-Policy': CSP,
    'Set-Cookie': 'XSRF-TOKEN=mock-token; Path=/',
  });
  createReadStream(file).pipe(response);
}

/** `MOCK=long`: all that telemetry and people say has a word without a place to break, as long labels are. */
const ENDLESS = ` {env="prod",instance="127.0.0.1:18996",queue="${'orders_priority_'.repeat(6)}",job="app"} of app`;
const SAID = new Set(['title', 'summary', 'text', 'body', 'about', 'reason', 'lastError', 'detail', 'comment']);
const lengthened = (key, value) =>
  key === 'blastRadius'
    ? value.map((name) => name + '-of-the-shop'.repeat(12))
    : typeof value === 'string' && value && SAID.has(key)
      ? value + ENDLESS
      : value;

const items = (list) => ({ items: list, next: null });
const find = (id) => state.incidents.find((i) => i.id === id || String(i.number) === id);

/** Services that send samples and are not in the catalog; `MOCK=many` has more of them than are listed. */
const strangers = [
  'node',
  'integrations/unix',
  ...(modes.has('many') ? Array.from({ length: 210 }, (_, i) => `batch-worker-of-the-warehouse-${i}`) : []),
];
const senders = () => [...services.map((s) => s.name), ...strangers];

function overview() {
  return {
    asOf: iso(),
    services: modes.has('empty') ? [] : services,
    rules,
    signals: (modes.has('empty') ? [] : senders()).map((name) => ({
      env: 'prod',
      service: name,
      seq: 0,
      ts: Date.now() - (stale ? 95_000 : 0),
      signals: signalsAt(name, Date.now()),
    })),
    health: state.health,
    incidents: state.incidents
      .filter((i) => i.state !== 'RESOLVED' || Date.now() - Date.parse(i.resolvedAt) < 86_400_000)
      .map(incidentView),
    incidentsAsOf: iso(Date.now() - (stale ? 95_000 : 0)),
    incidentsStale: stale,
    statusPage: state.incidents.some((i) => i.state !== 'RESOLVED')
      ? { indicator: 'major', description: 'Partial outage' }
      : { indicator: 'none', description: 'All systems operational' },
    catalogFaults: modes.has('refused')
      ? ["config/watchtower.yaml:41: services[2].tier: expected a number from 1 to 4, found 'high'", 'another']
      : [],
  };
}

function startRun(name, by) {
  const e = experiments.find((x) => x.name === name);
  const start = Date.now();
  const run = {
    id: randomUUID(),
    experiment: name,
    kind: e.kind,
    target: e.service,
    env: e.env,
    parameters: e.parameters,
    state: 'RUNNING',
    blind: false,
    startedBy: by,
    startedAt: iso(start),
    endsAt: iso(start + 120_000),
    endedAt: null,
    endReason: null,
    log: [{ at: iso(start), text: `Lease accepted by ${e.service}, renewed each second` }],
  };
  state.runs.unshift(run);
  state.faults.push({ service: e.service, kind: e.kind, from: start, to: start + 120_000, run: run.id });
  state.events.push({
    id: run.id,
    source: 'watchtower/chaos',
    type: 'dev.watchtower.chaos.run.started',
    service: e.service,
    env: e.env,
    time: iso(start),
    summary: `Experiment ${name} started`,
    data: {},
  });
  return run;
}

function endRun(run, reason) {
  Object.assign(run, { state: 'ENDED', endedAt: iso(), endReason: reason });
  run.log.push({ at: iso(), text: `Lease ended, ${run.target} confirmed` });
  for (const f of state.faults) if (f.run === run.id) f.to = Date.now();
  stomp.publish('/topic/runs', { run });
}

function publishIncident(i, entries) {
  stomp.publish('/topic/incidents', { incident: incidentView(i) });
  for (const e of entries) stomp.publish(`/topic/incidents.${i.id}`, { incident: incidentView(i), entries: [e] });
}

const NEXT = {
  ACKNOWLEDGE: 'ACKNOWLEDGED',
  INVESTIGATE: 'INVESTIGATING',
  IDENTIFY: 'IDENTIFIED',
  MITIGATE: 'MITIGATED',
  RESOLVE: 'RESOLVED',
  DISMISS: 'RESOLVED',
};
const users = [
  {
    name: 'admin',
    roles: ['ADMIN'],
    disabled: false,
    mustChangePassword: false,
    createdAt: iso(Date.now() - 9e8),
    lastLoginAt: iso(),
  },
  {
    name: 'ann',
    roles: ['RESPONDER'],
    disabled: false,
    mustChangePassword: false,
    createdAt: iso(Date.now() - 8e8),
    lastLoginAt: iso(Date.now() - 5e6),
  },
  {
    name: 'ben',
    roles: ['SRE'],
    disabled: false,
    mustChangePassword: true,
    createdAt: iso(Date.now() - 7e8),
    lastLoginAt: null,
  },
];
const tokens = [
  {
    id: 't1',
    name: 'prometheus',
    scopes: ['ingest:write'],
    createdAt: iso(Date.now() - 9e8),
    createdBy: 'admin',
    revokedAt: null,
  },
  {
    id: 't2',
    name: 'grafana',
    scopes: ['read'],
    createdAt: iso(Date.now() - 8e8),
    createdBy: 'admin',
    revokedAt: iso(Date.now() - 1e6),
  },
];

const ROUTES = [
  [
    /^GET \/bff\/me$/,
    ({ answer }) =>
      answer(200, {
        name: 'admin',
        roles: [modes.has('viewer') ? 'VIEWER' : 'ADMIN'],
        scopes: modes.has('viewer') ? ['read'] : ['read', 'respond', 'chaos', 'admin', 'ingest:write'],
        mustChangePassword: modes.has('password'),
      }),
  ],
  [/^GET \/bff\/overview$/, ({ answer }) => answer(200, overview())],
  [/^GET \/bff\/health$/, ({ answer }) => answer(200, state.health)],
  [
    /^GET \/bff\/ingest\/api\/v1\/signals\/history$/,
    ({ url, answer, problem }) => {
      if (stale) return problem(503, 'peer-down', 'ingest-service is down since 14:02:11.');
      const q = url.searchParams;
      const [from, to] = [Date.parse(q.get('from')), Date.parse(q.get('to'))];
      const step = Math.max(1, Number.parseInt(q.get('step') ?? '1', 10)) * 1000;
      const points = [];
      for (let t = Math.ceil(from / step) * step; t <= Math.min(to, Date.now()); t += step)
        points.push({ ts: t, signals: signalsAt(q.get('service'), t) });
      answer(200, { service: q.get('service'), env: q.get('env'), step: step / 1000, points });
    },
  ],
  [
    /^GET \/bff\/ingest\/api\/v1\/events$/,
    ({ url, answer }) =>
      answer(
        200,
        items(
          state.events.filter((e) => !url.searchParams.get('service') || e.service === url.searchParams.get('service')),
        ),
      ),
  ],
  [
    /^GET \/bff\/incident\/api\/v1\/incidents$/,
    ({ url, answer, problem }) => {
      if (stale) return problem(503, 'peer-down', 'incident-service is down since 14:02:11.');
      const q = url.searchParams;
      const wanted = state.incidents.filter((i) =>
        ['state', 'service', 'env', 'severity'].every(
          (k) => !q.get(k) || q.getAll(k).join(',').split(',').includes(i[k]),
        ),
      );
      answer(200, items(wanted.map(incidentView).reverse()));
    },
  ],
  [
    /^GET \/bff\/incident\/api\/v1\/incidents\/([^/]+)$/,
    ({ m, answer, problem }) =>
      find(m[0])
        ? answer(200, incidentView(find(m[0])))
        : problem(404, 'no-such-incident', 'There is no such incident.'),
  ],
  [
    /^GET \/bff\/incident\/api\/v1\/incidents\/([^/]+)\/timeline$/,
    ({ m, answer }) => answer(200, items(state.timelines.get(find(m[0])?.id) ?? [])),
  ],
  [
    /^POST \/bff\/incident\/api\/v1\/incidents\/([^/]+)\/transitions$/,
    ({ m, body, answer, problem }) => {
      const i = find(m[0]);
      const allowed = incidentView(i).allowedEvents;
      if (body.version !== null && body.version !== i.version)
        return problem(409, 'stale-version', 'The incident was changed meanwhile.');
      if (!allowed.includes(body.event)) return problem(409, 'illegal-transition', 'Not allowed now.', { allowed });
      if (body.event === 'DISMISS' && !body.comment)
        return problem(400, 'invalid', 'A reason is needed.', {
          errors: [{ path: 'comment', message: 'is required to dismiss' }],
        });
      const from = i.state;
      i.state = NEXT[body.event];
      i.version++;
      const stamp = { ACKNOWLEDGED: 'acknowledgedAt', MITIGATED: 'mitigatedAt', RESOLVED: 'resolvedAt' }[i.state];
      if (stamp) i[stamp] = iso();
      if (body.event === 'ACKNOWLEDGE') i.assignee = 'admin';
      if (i.state === 'RESOLVED') state.faults.length = 0;
      const e = entry(
        i.id,
        'STATE_CHANGED',
        { type: 'PERSON', name: 'admin' },
        `${from} → ${i.state}${body.comment ? `: ${body.comment}` : ''}`,
        { from, to: i.state, event: body.event },
      );
      moved(i);
      publishIncident(i, [e]);
      answer(200, incidentView(i));
    },
  ],
  [
    /^POST \/bff\/incident\/api\/v1\/incidents\/([^/]+)\/annotations$/,
    ({ m, body, answer }) => {
      const i = find(m[0]);
      const e = entry(i.id, 'ANNOTATION', { type: 'PERSON', name: 'admin' }, body.text, {});
      publishIncident(i, [e]);
      answer(201, e);
    },
  ],
  [
    /^POST \/bff\/incident\/api\/v1\/incidents\/([^/]+)\/assignee$/,
    ({ m, body, answer }) => {
      const i = find(m[0]);
      i.assignee = body.assignee;
      i.version++;
      publishIncident(i, []);
      answer(200, incidentView(i));
    },
  ],
  [
    /^GET \/bff\/analysis\/api\/v1\/analyses$/,
    ({ url, answer }) => answer(200, items(state.analyses.get(find(url.searchParams.get('incident'))?.id) ?? [])),
  ],
  [/^POST \/bff\/analysis\/api\/v1\/analyses\/[^/]+\/feedback$/, ({ answer }) => answer(204)],
  [/^GET \/bff\/ingest\/api\/v1\/rules$/, ({ answer }) => answer(200, alertingRules(modes.has('empty')))],
  [/^GET \/bff\/ingest\/api\/v1\/slo$/, ({ answer }) => answer(200, items(modes.has('empty') ? [] : objectives()))],
  [
    /^GET \/bff\/chaos\/api\/v1\/experiments$/,
    ({ answer }) => answer(200, items(modes.has('empty') ? [] : experiments)),
  ],
  [/^GET \/bff\/chaos\/api\/v1\/runs$/, ({ answer }) => answer(200, items(state.runs))],
  [
    /^POST \/bff\/chaos\/api\/v1\/runs$/,
    ({ body, answer }) => {
      const run = startRun(body.experiment, 'user:admin');
      stomp.publish('/topic/runs', { run });
      answer(202, run);
    },
  ],
  [
    /^POST \/bff\/chaos\/api\/v1\/runs\/stop-all$/,
    ({ answer }) => {
      for (const r of state.runs) if (r.state === 'RUNNING') endRun(r, 'stopped by admin');
      answer(200, items(state.runs));
    },
  ],
  [
    /^POST \/bff\/chaos\/api\/v1\/runs\/([^/]+)\/stop$/,
    ({ m, answer }) => {
      const r = state.runs.find((x) => x.id === m[0]);
      endRun(r, 'stopped by admin');
      answer(202, r);
    },
  ],
  [
    /^GET (?:\/bff\/[a-z]+)?\/logs$/,
    ({ url, answer }) => {
      const levels = ['INFO', 'INFO', 'INFO', 'WARN', 'INFO', 'ERROR', 'DEBUG'];
      const level = url.searchParams.get('level');
      const trace = url.searchParams.get('trace');
      const RANKS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR'];
      const lines = Array.from({ length: 60 }, (_, k) => ({
        time: iso(Date.now() - k * 1700),
        level: levels[k % 7],
        service: 'ingest',
        logger: 'dev.watchtower.ingest.write.web.WriteController',
        message: [
          'request',
          'request',
          'Signal handed to the outbox',
          'Slow append: 412 ms',
          'request',
          'Peer incident refused: connection refused',
          'Tick',
        ][k % 7],
        traceId: `4bf92f3577b34da6a3ce929d0e0e473${k % 7}`,
        fields: { method: 'POST', path: '/api/v1/write', status: 204, durationMillis: 3 + (k % 9) },
      }));
      answer(
        200,
        items(
          lines.filter(
            (l) => (!level || RANKS.indexOf(l.level) >= RANKS.indexOf(level)) && (!trace || l.traceId === trace),
          ),
        ),
      );
    },
  ],
  [/^GET \/api\/v1\/users$/, ({ answer }) => answer(200, items(users))],
  [
    /^POST \/api\/v1\/users$/,
    ({ body, answer }) => {
      users.push({ ...body, disabled: false, mustChangePassword: true, createdAt: iso(), lastLoginAt: null });
      answer(201, users.at(-1));
    },
  ],
  [
    /^PUT \/api\/v1\/users\/([^/]+)$/,
    ({ m, body, answer }) =>
      answer(
        200,
        Object.assign(
          users.find((u) => u.name === m[0]),
          body,
        ),
      ),
  ],
  [
    /^POST \/api\/v1\/users\/([^/]+)\/password$/,
    ({ m, answer }) => {
      Object.assign(
        users.find((u) => u.name === m[0]),
        { mustChangePassword: true },
      );
      answer(200, { password: 'abcde-fghjk-mnpqr-stuvw' });
    },
  ],
  [/^GET \/api\/v1\/tokens$/, ({ answer }) => answer(200, items(tokens))],
  [
    /^POST \/api\/v1\/tokens$/,
    ({ body, answer }) => {
      const t = { id: randomUUID(), ...body, createdAt: iso(), createdBy: 'admin', revokedAt: null };
      tokens.unshift(t);
      answer(201, { ...t, token: `wt_${randomUUID().replaceAll('-', '')}` });
    },
  ],
  [
    /^DELETE \/api\/v1\/tokens\/([^/]+)$/,
    ({ m, answer }) => {
      tokens.find((t) => t.id === m[0]).revokedAt = iso();
      answer(204);
    },
  ],
  [
    /^PUT \/api\/v1\/me\/password$/,
    ({ body, answer, problem }) =>
      body.current === 'wrong' ? problem(400, 'invalid', 'The current password is not right.') : answer(204),
  ],
];

const DESK = [declareRoute(publishIncident, modes.has('lost')), ...deskRoutes(publishIncident, modes.has('empty'))];
const stomp = stompServer(server, '/live');
setInterval(() => {
  const at = Date.now();
  if (!stale)
    for (const name of senders())
      stomp.publish(`/topic/metrics.prod.${name}`, {
        env: 'prod',
        service: name,
        ts: at,
        signals: signalsAt(name, at),
      });
  for (const r of state.runs) if (r.state === 'RUNNING' && Date.parse(r.endsAt) < at) endRun(r, 'deadline reached');
}, 1000);
// A look at reconnecting: `kill -USR2 PID` cuts all live connections.
process.on('SIGUSR2', () => stomp.dropAll());
server.listen(port, '127.0.0.1', () =>
  console.log(
    `mock on http://127.0.0.1:${port} (${[...modes].join(',') || 'default'}); checkout fails: ${active('checkout', 'errors', Date.now())}`,
  ),
);

/** Two objectives: one within its budget, one burning. */
function objectives() {
  const tier = (window, shortWindow, burnRate, limit, page) => ({
    window,
    shortWindow,
    burnRate,
    shortBurnRate: burnRate === null ? null : burnRate * 1.1,
    limit,
    page,
    breached: burnRate > limit,
    ready: burnRate !== null,
    readyAt: new Date(Date.now() + 3_600_000).toISOString(),
  });
  const base = { env: 'prod', periodSeconds: 2_592_000, complete: true, asOf: new Date().toISOString() };
  return [
    {
      ...base,
      name: 'checkout-orders',
      title: 'Orders succeed',
      service: 'checkout',
      objective: 99.9,
      state: 'AT_RISK',
      attained: 99.912,
      budgetLeft: 0.12,
      exhaustedInSeconds: 5_400,
      since: new Date(Date.now() - 6 * 86_400_000).toISOString(),
      expression: 'x',
      burnRates: [
        tier('1h', '5m', 21.7, 14.4, true),
        tier('6h', '30m', 4.2, 6, true),
        tier('1d', '2h', 1.4, 3, false),
        tier('3d', '6h', null, 1, false),
      ],
    },
    {
      ...base,
      name: 'storefront-availability',
      title: 'The shop opens',
      service: 'storefront',
      objective: 99.5,
      state: 'HEALTHY',
      attained: 99.987,
      budgetLeft: 0.974,
      exhaustedInSeconds: null,
      since: new Date(Date.now() - 20 * 86_400_000).toISOString(),
      expression: 'x',
      burnRates: [tier('1h', '5m', 0.02, 14.4, true), tier('6h', '30m', 0.1, 6, true)],
    },
  ];
}
