import { describe, expect, it } from 'vitest';
import type { ChangeEvent, Health, Incident, IncidentSignal, Run, TimelineEntry } from '../api/types';
import {
  cameUp,
  changesOf,
  entriesIn,
  healthIn,
  incidentIn,
  isActive,
  isOf,
  lostIn,
  mergeChanges,
  mergeTimeline,
  openOnly,
  payload,
  readOverview,
  readWaiting,
  replaceIncidents,
  replaceRuns,
  troubles,
  upsertHealth,
  upsertIncident,
  upsertRun,
} from './reducers';

const incident = (id: string, version: number, extra: Partial<Incident> = {}): Incident => ({
  id,
  number: 1,
  title: id,
  state: 'OPEN',
  severity: 'SEV2',
  service: 'checkout',
  env: 'prod',
  version,
  openedAt: '2026-01-01T00:00:00Z',
  allowedEvents: [],
  signals: [],
  ...extra,
});

const run = (id: string, state: Run['state'], startedAt: string): Run => ({
  id,
  experiment: 'x',
  kind: 'errors',
  target: 'checkout',
  env: 'prod',
  parameters: {},
  state,
  blind: false,
  startedBy: 'ann',
  startedAt,
  endsAt: startedAt,
  log: [],
});

const signal = (service: string, status: 'FIRING' | 'CLEARED'): Incident['signals'][number] => ({
  fingerprint: service,
  kind: 'THRESHOLD',
  status,
  rule: 'r',
  service,
  severity: 'SEV2',
  summary: '',
  firedAt: '2026-01-01T00:00:00Z',
});

describe('incidents', () => {
  it('are of the service that they are about and of every other with a signal in them', () => {
    const joint = incident('a', 1, {
      service: 'storefront',
      signals: [signal('storefront', 'FIRING'), signal('checkout', 'FIRING'), signal('payments', 'CLEARED')],
    });
    expect(['storefront', 'checkout', 'payments', 'search'].filter((s) => isOf(joint, s))).toEqual([
      'storefront',
      'checkout',
      'payments',
    ]);
    // What has cleared is no trouble any more, unless the whole is about it.
    expect(['storefront', 'checkout', 'payments', 'search'].filter((s) => troubles(joint, s))).toEqual([
      'storefront',
      'checkout',
    ]);
  });
  it('are replaced by a newer version and not by an older one', () => {
    const list = [incident('a', 3)];
    expect(upsertIncident(list, incident('a', 2))).toBe(list);
    expect(upsertIncident(list, incident('a', 4, { state: 'RESOLVED' }))[0]?.state).toBe('RESOLVED');
  });
  it('lose no signal by a message that had no room for all', () => {
    const signal = (fingerprint: string, status: 'FIRING' | 'CLEARED') => ({ fingerprint, status }) as IncidentSignal;
    const whole = incident('a', 3, { signals: [signal('x', 'FIRING'), signal('y', 'FIRING')] });
    const told = (partial: boolean) =>
      incidentIn({ seq: 1, incident: { ...whole, version: 4, signals: [signal('x', 'CLEARED')], partial } })!;
    const [partial] = upsertIncident([whole], told(true));
    expect(partial?.signals.map((s) => s.fingerprint + s.status)).toEqual(['xCLEARED', 'yFIRING']);
    expect(partial?.partial).toBe(true);
    expect(upsertIncident([whole], told(false))[0]?.signals).toHaveLength(1);
    expect(upsertIncident([partial!], { ...whole, version: 4 })[0]?.partial).toBeUndefined();
  });
  it('lose no signal by the overview, whose copy may have fewer', () => {
    const signal = (fingerprint: string) => ({ fingerprint, status: 'FIRING' }) as IncidentSignal;
    const whole = incident('a', 3, { signals: [signal('x'), signal('y')] });
    const brief = { ...whole, signals: [signal('x')] };
    const overview = (partial: boolean) => readOverview({ incidents: [{ ...brief, partial }] }).incidents;

    const [kept] = replaceIncidents([whole], overview(true), new Set());
    expect(kept?.signals).toHaveLength(2);
    expect(kept?.partial).toBe(false);
    const [unknown] = replaceIncidents([], overview(true), new Set());
    expect(unknown?.partial).toBe(true);
    expect(upsertIncident([unknown!], whole)[0]).toEqual(whole);
    const [newer] = replaceIncidents([{ ...whole, version: 2 }], overview(false), new Set());
    expect(newer?.signals).toHaveLength(1);
  });
  it('lose nothing that a signal says by a message that had it cut', () => {
    const signal = (summary: string) => ({ fingerprint: 'x', status: 'FIRING', summary }) as IncidentSignal;
    const whole = incident('a', 3, { signals: [signal('all of it')] });
    const cut = incidentIn({ seq: 1, incident: { ...whole, signals: [signal('all')], partial: true } })!;
    expect(upsertIncident([whole], cut)[0]?.signals[0]?.summary).toBe('all of it');
    expect(upsertIncident([whole], { ...cut, version: 4 })[0]?.partial).toBe(true);
  });
  it('stand worst first and keep their order', () => {
    const list = [
      incident('old', 1),
      incident('new', 1, { openedAt: '2026-01-01T00:01:00Z' }),
      incident('bad', 1, { severity: 'SEV1', openedAt: '2026-01-01T00:02:00Z' }),
    ].reduce<readonly Incident[]>(upsertIncident, []);
    expect(list.map((i) => i.id)).toEqual(['bad', 'old', 'new']);
    expect(upsertIncident(list, incident('old', 2)).map((i) => i.id)).toEqual(['bad', 'old', 'new']);
  });
  it('stand after what users still feel once they are mitigated', () => {
    const list = [
      incident('mild', 1, { severity: 'SEV4' }),
      incident('over', 1, { severity: 'SEV1', state: 'MITIGATED' }),
      incident('felt', 1, { severity: 'SEV2' }),
      incident('almost', 1, { severity: 'SEV2', state: 'MITIGATED' }),
    ].reduce<readonly Incident[]>(upsertIncident, []);
    expect(list.map((i) => i.id)).toEqual(['felt', 'mild', 'over', 'almost']);
  });
  it('leave the open list when resolved', () => {
    expect(openOnly([incident('a', 1), incident('b', 1, { state: 'RESOLVED' })]).map((i) => i.id)).toEqual(['a']);
  });
});

describe('the server’s list of open incidents', () => {
  it('ends what it does not name, but not what was heard of since it was asked for', () => {
    const known = [incident('over', 1), incident('fresh', 1), incident('past', 1, { state: 'RESOLVED' })];
    const after = replaceIncidents(known, [incident('named', 1)], new Set(['fresh']));
    expect(after.map((i) => i.id).sort()).toEqual(['fresh', 'named', 'past']);
  });
  it('sets nothing back that was heard of in a newer version', () => {
    const known = [incident('a', 3, { state: 'RESOLVED' })];
    expect(replaceIncidents(known, [incident('a', 2)], new Set(['a']))[0]?.state).toBe('RESOLVED');
  });
});

describe('runs', () => {
  it('never go back to an earlier state', () => {
    const list = upsertRun([], run('a', 'ENDED', '1'));
    expect(upsertRun(list, run('a', 'RUNNING', '1'))).toBe(list);
    expect(isActive(list[0]!)).toBe(false);
  });
  it('are gone when the server does not name them any more', () => {
    const known = [run('gone', 'RUNNING', '1'), run('kept', 'ENDED', '2')];
    const after = replaceRuns(known, [run('kept', 'RUNNING', '2'), run('new', 'RUNNING', '3')]);
    expect(after.map((r) => `${r.id} ${r.state}`)).toEqual(['new RUNNING', 'kept ENDED']);
  });
  it('stand newest first and are bounded', () => {
    const list = ['1', '3', '2'].reduce<readonly Run[]>((l, at) => upsertRun(l, run(at, 'RUNNING', at), 2), []);
    expect(list.map((r) => r.id)).toEqual(['3', '2']);
  });
});

describe('health', () => {
  const up: Health = { name: 'ingest', kind: 'watchtower', state: 'UP' };
  it('is replaced in place', () => {
    const list = [up, { ...up, name: 'incident' }];
    expect(upsertHealth(list, { ...up, state: 'DOWN' }).map((h) => h.state)).toEqual(['DOWN', 'UP']);
  });
  it('is found in each form of a message', () => {
    expect(healthIn({ seq: 1, ...up })).toHaveLength(1);
    expect(healthIn({ seq: 1, health: up })).toEqual([up]);
    expect(healthIn({ seq: 1, components: [up, up] })).toHaveLength(2);
    expect(healthIn({ seq: 1 })).toEqual([]);
  });
});

describe('a part that is back', () => {
  const part = (state: Health['state']): Health[] => [{ name: 'incident', kind: 'watchtower', state }];
  it('was down, or not known to work', () => {
    expect([cameUp(part('DOWN'), part('UP')), cameUp(part('UNKNOWN'), part('UP'))]).toEqual([true, true]);
  });
  it('is none that worked all along, is new, or is somebody else’s', () => {
    expect([cameUp(part('UP'), part('UP')), cameUp([], part('UP')), cameUp(part('UP'), part('DOWN'))]).toEqual([
      false,
      false,
      false,
    ]);
    const shop = (state: Health['state']): Health[] => [{ name: 'checkout', kind: 'target', state }];
    expect(cameUp(shop('DOWN'), shop('UP'))).toBe(false);
  });
});

describe('lost sources', () => {
  const gone = { seq: 1, interrupted: true, since: 't1', source: 'incident' };
  it('are kept from the moment they were lost until they are heard again', () => {
    const lost = lostIn({}, gone);
    expect(lost).toEqual({ incident: 't1' });
    expect(lostIn(lost, { ...gone, since: 't2' })).toBe(lost);
    expect(lostIn(lost, { seq: 2, health: [] })).toBe(lost);
    expect(lostIn(lost, { ...gone, interrupted: false })).toEqual({});
    expect(lostIn(lost, { ...gone, interrupted: false, source: 'ingest' })).toBe(lost);
  });
  it('are told all at once to whoever was not there', () => {
    const lost = lostIn({}, { seq: 1, health: [], lost: [{ source: 'ingest', since: 't1' }] });
    expect(lost).toEqual({ ingest: 't1' });
    expect(lostIn(lost, { lost: [{ source: 'ingest', since: 't1' }] })).toBe(lost);
    expect(lostIn(lost, { lost: [] })).toEqual({});
  });
});

it('reads what waits from a message only where it says so', () => {
  expect(readWaiting({ seq: 1, health: [] })).toEqual({
    statusPage: null,
    waitingAlerts: null,
    catalogFaults: null,
  });
  expect(
    readWaiting({ statusPage: { indicator: 'major', description: 'x' }, waitingAlerts: [], catalogFaults: ['x'] }),
  ).toEqual({
    statusPage: { indicator: 'major', description: 'x' },
    waitingAlerts: [],
    catalogFaults: ['x'],
  });
});

it('takes each timeline entry once and in order', () => {
  const entry = (seq: number) => ({ seq }) as TimelineEntry;
  const list = [entry(1), entry(3)];
  expect(mergeTimeline(list, [entry(2), entry(3)]).map((e) => e.seq)).toEqual([1, 2, 3]);
  expect(mergeTimeline(list, [entry(1)])).toBe(list);
});

it('finds the timeline entries in a message', () => {
  const entry = { seq: 1, actor: { type: 'PERSON', name: 'ann' } };
  expect(entriesIn({ seq: 9, incident: {}, entries: [entry, entry] })).toHaveLength(2);
  expect(entriesIn({ seq: 9, entry })).toEqual([entry]);
  expect(entriesIn({ seq: 9, incident: {} })).toEqual([]);
});

it('finds the record in a message', () => {
  expect(payload({ seq: 1, incident: { id: 'a' } }, 'incident', 'allowedEvents')).toEqual({ id: 'a' });
  expect(payload({ id: 'a', allowedEvents: [] }, 'incident', 'allowedEvents')).toMatchObject({ id: 'a' });
  expect(payload({ seq: 1 }, 'incident', 'allowedEvents')).toBeNull();
});

describe('the overview', () => {
  it('is empty where the answer is', () => {
    expect(readOverview(null)).toMatchObject({ services: [], incidents: [], incidentsStale: false, statusPage: null });
  });
  it('tells how old its copy of the incidents is', () => {
    const o = readOverview({ asOf: 't', incidents: { items: [incident('a', 1)], asOf: 'then', stale: true } });
    expect(o.incidents).toHaveLength(1);
    expect([o.incidentsAsOf, o.incidentsStale]).toEqual(['then', true]);
  });
});

describe('changes', () => {
  const envs = new Set(['prod', 'stg']);
  const change = (id: string, service: string, env: string | null): ChangeEvent => ({
    id,
    source: 's',
    type: 't',
    service,
    env,
    time: '2026-01-01T00:00:00Z',
    summary: id,
  });

  it('of another environment do not touch a service, those of none do', () => {
    const all = [change('a', 'checkout', 'prod'), change('b', 'checkout', 'staging'), change('c', 'checkout', null)];
    expect(changesOf([...all, change('d', 'cart', 'prod')], 'checkout', 'prod', envs).map((c) => c.id)).toEqual([
      'a',
      'c',
    ]);
  });

  it('of an environment that is spelled otherwise touch it, of a preview do not', () => {
    const all = ['Production', 'preview', 'staging'].map((env) => change(env, 'checkout', env));
    expect(changesOf(all, 'checkout', 'prod', envs).map((c) => c.id)).toEqual(['Production']);
    expect(changesOf(all, 'checkout', 'stg', envs).map((c) => c.id)).toEqual(['staging']);
  });

  it('of an environment that is known by itself do not touch one of a name like it', () => {
    const all = ['live', 'production'].map((env) => change(env, 'checkout', env));
    const both = new Set(['prod', 'live']);
    expect(changesOf(all, 'checkout', 'prod', both).map((c) => c.id)).toEqual(['production']);
    expect(changesOf(all, 'checkout', 'live', both).map((c) => c.id)).toEqual(['live', 'production']);
  });

  it('of a busy service leave room for those of others, and the list stays when nothing is new', () => {
    const since = Date.parse('2026-01-01T00:00:00Z');
    const busy = Array.from({ length: 300 }, (_, i) => ({
      ...change(`b${i}`, 'busy', 'prod'),
      time: new Date(since + 60_000 + i * 1000).toISOString(),
    }));
    const quiet = change('q', 'quiet', 'prod');
    const known = mergeChanges([], [quiet, ...busy], since);
    expect([known.length, known[0]?.id, known.at(-1)?.id]).toEqual([201, 'b299', 'q']);
    expect(mergeChanges(known, [quiet], since)).toBe(known);
    expect(mergeChanges(known, [], since + 1).some((c) => c.id === 'q')).toBe(false);
  });
});
