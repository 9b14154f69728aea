// The mock's people, status updates, postmortems, silences, on-call, measures, audit, notifications and repairs.
import { createHash, randomUUID } from 'node:crypto';
import { entry, incidentView, state } from './world.mjs';

const iso = (ms = Date.now()) => new Date(ms).toISOString();
const day = (ms) => iso(ms).slice(0, 10);
const items = (list) => ({ items: list, next: null });
const find = (id) => state.incidents.find((i) => i.id === id || String(i.number) === id);
const PERSON = { type: 'PERSON', name: 'admin' };
const WORD = { IDENTIFIED: 'identified', MITIGATED: 'monitoring', RESOLVED: 'resolved' };
const TEXT = {
  investigating: 'Something is wrong, and we are looking into it.',
  identified: 'We know the cause and are working on it.',
  monitoring: 'It works again. We keep watching.',
  resolved: 'This is resolved.',
};

const updates = new Map();
const postmortems = new Map();
let mutes = [];
let held = [];
let notices = [];
let repairs = [];
let actionItems = [];

export const policies = [
  {
    name: 'shop',
    services: ['checkout', 'storefront'],
    environments: ['prod'],
    severities: ['SEV1', 'SEV2'],
    steps: [
      { after: 'PT5M', rotation: 'shop', people: [], channel: null },
      { after: 'PT10M', rotation: 'shop', people: ['boss'], channel: null },
    ],
    repeat: 2,
    acknowledgeTimeout: 'PT30M',
  },
  {
    name: 'everything-else',
    services: [],
    environments: [],
    severities: [],
    steps: [{ after: 'PT30M', rotation: 'platform', people: [], channel: 'discord' }],
    repeat: 0,
    acknowledgeTimeout: 'PT0S',
  },
];

/** Seeds what belongs to the incidents that are there. */
export function seedDesk() {
  const now = Date.now();
  const open = state.incidents.find((i) => i.state !== 'RESOLVED');
  for (const i of state.incidents) {
    Object.assign(i, { severityBy: 'rule', responders: [], tasks: [], flapping: false });
    const told = [
      update('investigating', TEXT.investigating, 'PUBLISHED', Date.parse(i.openedAt), 'policy:status-page'),
    ];
    if (i.state === 'RESOLVED') {
      told.push(update('resolved', TEXT.resolved, 'PUBLISHED', Date.parse(i.resolvedAt), 'policy:status-page'));
      postmortems.set(i.id, draftOf(i));
    }
    updates.set(i.id, told);
  }
  if (open) {
    open.recurrenceOf = state.incidents.find((i) => i.service === open.service && i !== open)?.id ?? null;
    open.severityBy = 'PERSON ann';
    open.responders = [
      { name: 'ann', role: 'INCIDENT_COMMANDER', since: iso(now - 80_000) },
      { name: 'ben', role: 'SCRIBE', since: iso(now - 60_000) },
    ];
    open.tasks = [
      task('Roll checkout back to 2.13.7', 'ben', 'OPEN', now - 70_000),
      task('Tell payments that orders are retried', null, 'OPEN', now - 50_000),
      task('Look at the errors in the log of checkout', 'ann', 'DONE', now - 90_000),
    ];
    updates
      .get(open.id)
      .push(
        update(
          'identified',
          'Orders fail since 14:02. We know why and are rolling back; next update in 20 minutes.',
          'DRAFT',
          now - 30_000,
          'ann',
        ),
      );
  }
  mutes = [
    mute(
      'SILENCE',
      'ACTIVE',
      { rules: ['cpu-*'], services: ['inventory'] },
      'ben',
      'load test until noon',
      now - 3.6e6,
      now + 5.4e6,
    ),
    mute(
      'MAINTENANCE',
      'PENDING',
      { services: ['checkout'], environments: ['prod'] },
      'ann',
      'database upgrade',
      now + 8.64e7,
      now + 9.36e7,
    ),
    {
      ...mute('MAINTENANCE', 'PENDING', { services: ['shop-*'] }, 'ann', 'weekly vacuum', now - 9e8, null),
      recurring: { timeZone: 'Europe/Berlin', days: ['SUNDAY'], at: '02:30', duration: 'PT1H' },
      active: null,
      next: { from: iso(now + 2.6e8), to: iso(now + 2.636e8) },
    },
    {
      ...mute(
        'SILENCE',
        'EXPIRED',
        { services: ['storefront'] },
        'ann',
        'known noise of the new cache',
        now - 9e7,
        now - 8e7,
      ),
      endedAt: iso(now - 8.2e7),
      endedBy: 'ann',
    },
  ];
  held = open
    ? [
        {
          incident: state.incidents[0].id,
          number: state.incidents[0].number,
          title: state.incidents[0].title,
          kind: 'SILENCE',
          cause: mutes[0].id,
          why: 'a silence of ben: load test until noon',
          since: iso(now - 1_200_000),
          until: mutes[0].endsAt,
        },
      ]
    : [];
  notices = noticesOf(now, open);
  repairs = repairsOf(now, open);
  actionItems = [
    item(state.incidents[1], 'Alert when the connection pool of checkout is exhausted', 'ben', day(now - 2 * 8.64e7)),
    item(
      state.incidents[1],
      'Keep the last two versions of checkout warm for a fast way back',
      'ann',
      day(now + 6 * 8.64e7),
    ),
    item(state.incidents[0], 'Write down how to read the lock report', null, null),
    {
      ...item(state.incidents[0], 'Raise the CPU limit of inventory', 'ben', day(now)),
      state: 'DONE',
      closedAt: iso(now - 4e7),
    },
  ];
}

function update(status, body, st, at, by) {
  return {
    id: randomUUID(),
    status,
    body,
    state: st,
    createdAt: iso(at),
    publishedAt: st === 'PUBLISHED' ? iso(at) : null,
    by,
  };
}

function task(text, assignee, st, at) {
  return {
    id: randomUUID(),
    text,
    assignee,
    state: st,
    createdBy: 'ann',
    createdAt: iso(at),
    doneAt: st === 'OPEN' ? null : iso(at + 20_000),
  };
}

function mute(kind, st, matchers, author, reason, from, to) {
  const span = to === null ? null : { from: iso(from), to: iso(to) };
  return {
    id: randomUUID(),
    kind,
    state: st,
    matchers: { services: [], environments: [], severities: [], rules: [], labels: {}, ...matchers },
    author,
    reason,
    startsAt: iso(from),
    endsAt: to === null ? null : iso(to),
    recurring: null,
    active: st === 'ACTIVE' ? span : null,
    next: st === 'PENDING' ? span : null,
    createdAt: iso(from),
    endedAt: null,
    endedBy: null,
  };
}

function item(incident, text, owner, due) {
  return {
    id: randomUUID(),
    incident: incident.id,
    number: incident.number,
    text,
    owner,
    due,
    state: 'OPEN',
    createdAt: incident.resolvedAt ?? iso(),
    createdBy: 'policy:postmortem',
    closedAt: null,
  };
}

function draftOf(i) {
  const text = (t, editedBy = null) => ({ text: t, editedBy });
  const first = {
    revision: 1,
    author: { type: 'POLICY', name: 'policy:postmortem' },
    at: i.resolvedAt,
    sections: {
      summary: text(`${i.title}. It began at ${i.openedAt.slice(11, 16)} UTC and lasted 20 minutes.`),
      impact: text(
        '- 1 of 3 orders waited longer than a second\n- 412 requests took longer than promised\n- **8 %** of the month’s error budget was spent',
      ),
      timeline: text('- 14:02 first signal\n- 14:03 acknowledged by ann\n- 14:18 mitigated\n- 14:22 resolved'),
      causes: text('The deployment of `checkout` 2.13.9 shrank the connection pool from 20 to 5.'),
      wentWell: text('The cause was ranked first 3 s after the opening.'),
      wentBadly: text(''),
    },
  };
  const second = {
    ...first,
    revision: 2,
    author: PERSON,
    at: iso(Date.parse(i.resolvedAt) + 3_600_000),
    sections: {
      ...first.sections,
      wentBadly: text('Nobody knew how to roll back without the pipeline; that cost nine minutes.', 'admin'),
    },
  };
  return [first, second];
}

function postmortem(i, revision) {
  const all = postmortems.get(i.id);
  const r = revision ? all?.find((x) => x.revision === Number(revision)) : all?.at(-1);
  return (
    r && {
      incident: i.id,
      number: i.number,
      title: i.title,
      service: i.service,
      env: i.env,
      severity: i.severity,
      openedAt: i.openedAt,
      resolvedAt: i.resolvedAt,
      ...r,
      actionItems: actionItems.filter((a) => a.incident === i.id),
    }
  );
}

function noticesOf(now, open) {
  const notice = (kind, about, st, more) => ({
    id: randomUUID(),
    channel: 'discord',
    kind,
    about,
    number: open?.number ?? 42,
    incident: open?.id,
    state: st,
    attempts: 1,
    why: null,
    reason: null,
    lastError: null,
    createdAt: iso(now - 60_000),
    dueAt: null,
    nextAttemptAt: null,
    doneAt: null,
    ...more,
  });
  return [
    notice('EDIT', 'severity raised', 'WAITING', {
      attempts: 3,
      reason: 'the connection to Discord broke',
      lastError: 'the connection to Discord broke',
      mayHaveArrived: true,
      createdAt: iso(now - 30_000),
      nextAttemptAt: iso(now + 40_000),
    }),
    notice('OPENED', 'opened', 'SENT', { createdAt: iso(now - 141_900), doneAt: iso(now - 141_600) }),
    notice('OPENED', 'opened', 'FAILED', {
      channel: 'ops-mail',
      attempts: 9,
      reason: 'the mail server refuses the recipient',
      lastError: '550 5.1.1 no such user',
      createdAt: iso(now - 141_800),
      doneAt: iso(now - 100_000),
    }),
    notice('RESOLVED', 'resolved', 'SENT', {
      number: state.incidents[0]?.number,
      incident: state.incidents[0]?.id,
      createdAt: iso(now - 88e6),
      doneAt: iso(now - 88e6 + 400),
    }),
  ];
}

function repairsOf(now, open) {
  const repair = (st, more) => ({
    id: randomUUID(),
    incident: open?.id,
    number: open?.number ?? 42,
    env: 'prod',
    playbook: 'restart-crashed-shop-process',
    action: 'restart',
    service: 'checkout',
    state: st,
    trigger: 'checkout does not answer its probe',
    reason: null,
    expected: null,
    before: null,
    after: null,
    effect: 'UNKNOWN',
    undo: null,
    dryRun: false,
    risky: false,
    plannedAt: iso(now - 60_000),
    endedAt: null,
    ...more,
  });
  return [
    repair('AWAITING_APPROVAL', {
      playbook: 'roll-back-checkout',
      action: 'rollback',
      trigger: 'error_rate of checkout is 68 % (limit 5 %)',
      expected: { signal: 'error_rate', comparison: '<', value: 0.01, within: '60s' },
      before: 0.68,
      effect: 'PENDING',
      risky: true,
    }),
    repair('SKIPPED', {
      reason: 'checkout answers its probe, a restart would not help',
      plannedAt: iso(now - 136_000),
    }),
    repair('SKIPPED', {
      playbook: 'stop-traffic-spike',
      action: 'stop-chaos',
      service: 'storefront',
      reason: 'dry run: it would have stopped the run traffic-spike',
      dryRun: true,
      plannedAt: iso(now - 4e6),
    }),
    repair('SUCCEEDED', {
      service: 'inventory',
      incident: state.incidents[0]?.id,
      reason: 'healthy again after 6 s',
      expected: { signal: 'error_rate', comparison: '<', value: 0.01, within: '60s' },
      before: 1,
      after: 0.002,
      effect: 'MET',
      plannedAt: iso(now - 89e6),
      endedAt: iso(now - 89e6 + 6000),
    }),
    repair('FAILED', {
      service: 'inventory',
      playbook: 'scale-inventory',
      action: 'webhook',
      incident: state.incidents[0]?.id,
      reason: 'errors were not below 1 % within 60 s',
      expected: { signal: 'latency_p95', comparison: '<', value: 0.5, within: '60s' },
      before: 1.31,
      after: 1.28,
      effect: 'NOT_MET',
      undo: { state: 'DONE', outcome: 'scaled back' },
      plannedAt: iso(now - 95e6),
      endedAt: iso(now - 95e6 + 60_000),
    }),
    ...Array.from({ length: 60 }, (_, i) =>
      repair('SUCCEEDED', {
        service: i % 3 === 0 ? 'storefront' : 'checkout',
        reason: `healthy again after ${4 + (i % 5)} s`,
        effect: 'MET',
        plannedAt: iso(now - 1e8 - i * 4e6),
        endedAt: iso(now - 1e8 - i * 4e6 + 5000),
      }),
    ),
    repair('AWAITING_APPROVAL', {
      playbook: 'flush-inventory',
      action: 'command',
      command: 'flush',
      service: 'checkout',
      target: 'inventory',
      trigger: 'saturation of inventory is 97 % (limit 90 %)',
      effect: 'PENDING',
      risky: true,
      plannedAt: iso(now - 4e8),
    }),
  ];
}

function audit() {
  const now = Date.now();
  const acts = [
    ['user:ann', '10.0.4.17', 'POST /api/v1/incidents/{id}/transitions', 'incident 42 ACKNOWLEDGE', '200'],
    ['user:ann', '10.0.4.17', 'POST /api/v1/incidents/{id}/severity', 'incident 42 SEV3 → SEV2', '200'],
    ['user:ben', '10.0.4.21', 'POST /api/v1/remediations/{id}/approve', 'restart inventory', '409'],
    ['user:ben', '10.0.4.21', 'POST /api/v1/silences', 'cpu-* of inventory', '201'],
    ['token:grafana', '10.0.9.2', 'POST /api/v1/incidents/{id}/annotations', 'incident 41', '403'],
    ['user:admin', '127.0.0.1', 'PUT /api/v1/incidents/{id}/postmortem', 'incident 41 revision 2', '200'],
  ];
  const hash = (n) => createHash('sha256').update(String(n)).digest('hex');
  return acts.map(([actor, from, action, subject, outcome], k) => ({
    seq: 218 - k,
    at: iso(now - 20_000 - k * 47_000),
    actor,
    from,
    action,
    subject,
    outcome,
    hash: hash(218 - k),
    previousHash: hash(217 - k),
  }));
}

function measures() {
  const t = (count, p50, p90) => ({ count, mean: p50, p50, p90 });
  const line = (service, severity, count, unresolved, dismissed, ...times) => ({
    service,
    severity,
    count,
    unresolved,
    dismissed,
    noiseRatio: count ? dismissed / count : null,
    timeToDetect: times[0],
    timeToAcknowledge: times[1],
    timeToMitigate: times[2],
    timeToResolve: times[3],
  });
  return {
    from: iso(Date.now() - 30 * 8.64e7),
    to: iso(),
    all: line(null, null, 23, 1, 3, t(23, 4.1, 9.2), t(19, 74, 410), t(19, 640, 2900), t(19, 1500, 5400)),
    items: [
      line('checkout', 'SEV1', 2, 0, 0, t(2, 3.2, 4), t(2, 38, 51), t(2, 420, 700), t(2, 1800, 2100)),
      line('checkout', 'SEV2', 7, 1, 0, t(7, 3.9, 7), t(6, 66, 220), t(6, 600, 1900), t(6, 1500, 4100)),
      line('storefront', 'SEV2', 5, 0, 1, t(5, 4.4, 8), t(4, 90, 300), t(4, 710, 1500), t(4, 1300, 2400)),
      line('storefront', 'SEV3', 4, 0, 2, t(4, 6.1, 12), t(3, 410, 900), t(2, 1900, 2900), t(2, 5400, 6000)),
      line('inventory', 'SEV3', 5, 0, 0, t(5, 5, 11), t(4, 160, 600), t(5, 900, 2200), t(5, 2100, 5000)),
    ],
  };
}

/** The routes; `publish(incident, entries)` tells the browsers. */
export function deskRoutes(publish, empty) {
  const incident = (path, method, handle) => [
    new RegExp(`^${method} /bff/incident/api/v1/incidents/([^/]+)/${path}$`),
    (c) => {
      const i = find(c.m[0]);
      return i ? handle(c, i) : c.problem(404, 'not-found', 'There is no such incident.');
    },
  ];
  const changed = (i, kind, summary, data = {}) => {
    i.version++;
    publish(i, kind ? [entry(i.id, kind, PERSON, summary, data)] : []);
    return incidentView(i);
  };
  const told = (i, u, c) => {
    Object.assign(u, { state: 'PUBLISHED', publishedAt: iso() });
    changed(i, 'STATUS_UPDATE', `Told the public (${u.status}): ${u.body}`, { status: u.status, body: u.body });
    c.answer(200, u);
  };
  return [
    [/^GET \/bff\/escalation$/, ({ answer }) => answer(200, { policies: empty ? [] : policies })],
    incident('severity', 'POST', (c, i) => {
      const from = i.severity;
      Object.assign(i, { severity: c.body.severity, severityBy: 'PERSON admin' });
      c.answer(
        200,
        changed(i, 'ANNOTATION', `Severity ${from} → ${i.severity}${c.body.comment ? `: ${c.body.comment}` : ''}`),
      );
    }),
    incident('responders', 'POST', (c, i) => {
      const { name, role } = c.body;
      if (role === 'INCIDENT_COMMANDER') for (const r of i.responders) if (r.role === role) r.role = 'RESPONDER';
      i.responders = [...i.responders.filter((r) => r.name !== name), { name, role, since: iso() }];
      c.answer(200, changed(i, 'ANNOTATION', `${name} joined`));
    }),
    incident('responders', 'DELETE', (c, i) => {
      i.responders = i.responders.filter((r) => r.name !== c.url.searchParams.get('name'));
      c.answer(200, changed(i, null));
    }),
    incident('tasks', 'POST', (c, i) => {
      const t = { ...task(c.body.text, c.body.assignee, 'OPEN', Date.now()), createdBy: 'admin' };
      i.tasks.push(t);
      changed(i, null);
      c.answer(201, t);
    }),
    incident('tasks/([^/]+)', 'PUT', (c, i) => {
      const t = i.tasks.find((x) => x.id === c.m[1]);
      Object.assign(t, c.body);
      t.doneAt = t.state === 'OPEN' ? null : iso();
      changed(i, null);
      c.answer(200, t);
    }),
    incident('status-updates', 'GET', (c, i) => c.answer(200, items(updates.get(i.id) ?? []))),
    incident('status-updates', 'POST', (c, i) => {
      const u = update(c.body.status, c.body.body, 'DRAFT', Date.now(), 'admin');
      updates.set(i.id, [...(updates.get(i.id) ?? []), u]);
      return c.body.publish ? told(i, u, c) : c.answer(201, u);
    }),
    incident('status-updates/([^/]+)', 'PUT', (c, i) => {
      const u = updates.get(i.id).find((x) => x.id === c.m[1]);
      if (u.state !== 'DRAFT') return c.problem(409, 'not-possible', 'This update is published.');
      c.answer(200, Object.assign(u, c.body, { by: 'admin' }));
    }),
    incident('status-updates/([^/]+)/(publish|discard)', 'POST', (c, i) => {
      const u = updates.get(i.id).find((x) => x.id === c.m[1]);
      if (c.m[2] === 'publish') return told(i, u, c);
      c.answer(200, Object.assign(u, { state: 'DISCARDED' }));
    }),
    incident('escalation', 'GET', (c, i) =>
      i.state === 'RESOLVED'
        ? c.problem(404, 'not-found', 'No escalation policy covers it.')
        : c.answer(200, {
            incident: i.id,
            policy: 'shop',
            state: i.state === 'OPEN' ? 'WAITING' : i.state === 'MITIGATED' ? 'STOPPED' : 'ACKNOWLEDGED',
            step: i.state === 'OPEN' ? 1 : 0,
            round: 0,
            dueAt: i.state === 'OPEN' ? iso(Date.parse(i.openedAt) + 900_000) : null,
            muted: false,
            begun: true,
          }),
    ),
    incident('merge', 'POST', (c, i) => {
      const into = find(c.body.into);
      into.signals.push(...i.signals);
      Object.assign(i, { state: 'RESOLVED', resolvedAt: iso(), signals: [] });
      changed(i, 'STATE_CHANGED', `Merged into #${into.number}`);
      c.answer(200, changed(into, 'ANNOTATION', `#${i.number} was merged in`));
    }),
    incident('split', 'POST', (c, i) => {
      const gone = i.signals.filter((s) => c.body.fingerprints.includes(s.fingerprint));
      i.signals = i.signals.filter((s) => !gone.includes(s));
      changed(i, 'ANNOTATION', 'Signals were split off');
      const made = {
        ...structuredClone(i),
        id: randomUUID(),
        number: Math.max(...state.incidents.map((x) => x.number)) + 1,
        title: gone[0].summary,
        service: gone[0].service,
        state: 'OPEN',
        version: 1,
        signals: gone,
        responders: [],
        tasks: [],
      };
      state.incidents.push(made);
      updates.set(made.id, []);
      c.answer(200, changed(made, 'STATE_CHANGED', `Split off #${i.number}`));
    }),
    incident('export', 'GET', (c, i) => c.answer(200, { incident: incidentView(i), signature: 'mock' })),
    incident('postmortem', 'GET', (c, i) => {
      const p = postmortem(i, c.url.searchParams.get('revision'));
      if (!p)
        return c.problem(
          404,
          'no-postmortem',
          `Incident #${i.number} is ${i.state}: its postmortem is drafted when it resolves.`,
        );
      c.answer(200, p);
    }),
    incident('postmortem/revisions', 'GET', (c, i) => c.answer(200, items(postmortems.get(i.id) ?? []))),
    incident('postmortem', 'PUT', (c, i) => {
      const newest = postmortems.get(i.id).at(-1);
      if (c.body.revision !== newest.revision)
        return c.problem(409, 'stale-version', `The newest revision is ${newest.revision}, by ${newest.author.name}.`, {
          revision: newest.revision,
        });
      const sections = { ...newest.sections };
      for (const [name, text] of Object.entries(c.body.sections)) sections[name] = { text, editedBy: 'admin' };
      postmortems.get(i.id).push({ revision: newest.revision + 1, author: PERSON, at: iso(), sections });
      c.answer(200, postmortem(i));
    }),
    incident('postmortem/redraft', 'POST', (c, i) => {
      const newest = postmortems.get(i.id).at(-1);
      postmortems.get(i.id).push({ ...newest, revision: newest.revision + 1, author: PERSON, at: iso() });
      c.answer(200, postmortem(i));
    }),
    incident('action-items', 'POST', (c, i) => {
      const a = { ...item(i, c.body.text, c.body.owner || null, c.body.due), createdBy: 'admin' };
      actionItems.push(a);
      c.answer(201, a);
    }),
    [
      /^GET \/bff\/incident\/api\/v1\/action-items$/,
      ({ url, answer }) => {
        const q = url.searchParams;
        const fits = (a) => ['state', 'owner'].every((k) => !q.get(k) || a[k] === q.get(k));
        answer(200, items(empty ? [] : actionItems.filter(fits)));
      },
    ],
    [
      /^PUT \/bff\/incident\/api\/v1\/action-items\/([^/]+)$/,
      ({ m, body, answer }) => {
        const a = actionItems.find((x) => x.id === m[0]);
        for (const [k, v] of Object.entries(body)) if (v !== null) a[k] = v === '' ? null : v;
        a.closedAt = a.state === 'OPEN' ? null : iso();
        answer(200, a);
      },
    ],
    [
      /^GET \/bff\/incident\/api\/v1\/on-call$/,
      ({ answer }) =>
        answer(200, {
          asOf: iso(),
          items: empty
            ? []
            : [
                {
                  rotation: 'shop',
                  timeZone: 'Europe/Berlin',
                  now: { person: 'ann', from: iso(), until: iso(Date.now() + 2.3e8) },
                  next: { person: 'ben', from: iso(Date.now() + 2.3e8), until: null },
                },
                {
                  rotation: 'platform',
                  timeZone: 'UTC',
                  now: { person: null, from: iso(), until: iso(Date.now() + 3e7) },
                  next: { person: 'admin', from: iso(Date.now() + 3e7), until: null },
                },
              ],
        }),
    ],
    [/^GET \/bff\/incident\/api\/v1\/muted$/, ({ answer }) => answer(200, items(empty ? [] : held))],
    [
      /^GET \/bff\/incident\/api\/v1\/(silences|maintenance-windows)$/,
      ({ m, answer }) => {
        const kind = m[0] === 'silences' ? 'SILENCE' : 'MAINTENANCE';
        answer(200, items(empty ? [] : mutes.filter((x) => x.kind === kind)));
      },
    ],
    [
      /^POST \/bff\/incident\/api\/v1\/(?:silences|maintenance-windows)\/preview$/,
      ({ body, answer }) => {
        const open = state.incidents.filter((i) => i.state !== 'RESOLVED');
        const hit = open.filter((i) => !body.matchers.services || body.matchers.services.includes(i.service));
        answer(200, {
          incidents: open.length,
          wouldMute: hit.length - (hit.length > 0 ? 1 : 0),
          told: hit.length > 0 ? 1 : 0,
          items: hit.map((i, n) => ({ ...i, muted: i.signals.length, all: n > 0, told: n === 0, stepsWait: n === 0 })),
        });
      },
    ],
    [
      /^POST \/bff\/incident\/api\/v1\/(silences|maintenance-windows)$/,
      ({ m, body, answer }) => {
        const from = body.startsAt ? Date.parse(body.startsAt) : Date.now();
        const made = mute(
          m[0] === 'silences' ? 'SILENCE' : 'MAINTENANCE',
          from <= Date.now() ? 'ACTIVE' : 'PENDING',
          body.matchers,
          'admin',
          body.reason,
          from,
          from + 3.6e6,
        );
        mutes.unshift(made);
        answer(201, made);
      },
    ],
    [
      /^DELETE \/bff\/incident\/api\/v1\/(?:silences|maintenance-windows)\/([^/]+)$/,
      ({ m, answer }) => {
        const x = mutes.find((y) => y.id === m[0]);
        answer(200, Object.assign(x, { state: 'EXPIRED', active: null, next: null, endedAt: iso(), endedBy: 'admin' }));
      },
    ],
    [
      /^GET \/bff\/incident\/api\/v1\/measures$/,
      ({ answer }) =>
        answer(200, empty ? { ...measures(), all: { ...measures().all, count: 0 }, items: [] } : measures()),
    ],
    [/^GET \/bff\/incident\/api\/v1\/audit$/, ({ answer }) => answer(200, items(empty ? [] : audit()))],
    [
      /^GET \/bff\/incident\/api\/v1\/audit\/verify$/,
      ({ answer }) => answer(200, { valid: true, entries: 218, brokenAt: null, reason: null, head: 'ab' }),
    ],
    [
      /^GET \/bff\/incident\/api\/v1\/notifications$/,
      ({ url, answer }) =>
        answer(200, {
          channels: [
            {
              name: 'discord',
              kind: 'discord',
              state: empty ? 'NOT_CONFIGURED' : 'OK',
              waiting: empty ? 0 : notices.filter((n) => n.state === 'WAITING').length,
              reason: empty ? 'DISCORD_WEBHOOK_URL is not set' : null,
              since: null,
            },
            ...(empty
              ? []
              : [
                  {
                    name: 'ops-mail',
                    kind: 'email',
                    state: 'BROKEN',
                    waiting: 0,
                    reason: '550 5.1.1 no such user: correct the address in the catalog',
                    since: iso(Date.now() - 100_000),
                  },
                ]),
          ],
          next: null,
          items: empty
            ? []
            : notices.filter((n) => !url.searchParams.get('state') || n.state === url.searchParams.get('state')),
        }),
    ],
    [
      /^POST \/bff\/incident\/api\/v1\/notifications\/([^/]+)\/(retry|drop)$/,
      ({ m, body, answer }) => {
        const n = notices.find((x) => x.id === m[0]);
        Object.assign(
          n,
          m[1] === 'drop'
            ? { state: 'DROPPED', reason: `dropped by admin: ${body.reason}`, doneAt: iso() }
            : { state: 'SENT', reason: null, attempts: n.attempts + 1, doneAt: iso() },
        );
        answer(200, n);
      },
    ],
    [
      /^GET \/bff\/(?:remediations|incident\/api\/v1\/remediations)$/,
      ({ url, answer }) => {
        const { state, incident, limit, page } = Object.fromEntries(url.searchParams);
        const found = (empty ? [] : repairs)
          .filter((r) => (!state || r.state === state) && (!incident || r.incident === incident))
          .slice(Number(page ?? 0));
        const size = Number(limit ?? 50);
        const next = found.length > size ? String(Number(page ?? 0) + size) : null;
        answer(200, { ...items(found.slice(0, size)), next });
      },
    ],
    [
      /^POST \/bff\/incident\/api\/v1\/remediations\/([^/]+)\/(approve|reject)$/,
      ({ m, answer }) => {
        const r = repairs.find((x) => x.id === m[0]);
        Object.assign(
          r,
          m[1] === 'approve'
            ? { state: 'CHECKING', reason: 'approved by admin' }
            : { state: 'REJECTED', reason: 'rejected by admin', effect: 'UNKNOWN', endedAt: iso() },
        );
        answer(200, r);
      },
    ],
  ];
}

/** What a change of state does to the updates: a draft with the word of the state. */
export function moved(i) {
  const word = WORD[i.state] ?? 'investigating';
  const told = updates.get(i.id) ?? [];
  if (told.at(-1)?.status !== word) told.push(update(word, TEXT[word], 'DRAFT', Date.now(), 'policy:status-page'));
  updates.set(i.id, told);
  if (i.state === 'RESOLVED' && !postmortems.has(i.id)) postmortems.set(i.id, draftOf(i));
}
