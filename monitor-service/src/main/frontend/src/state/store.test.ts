// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Health, Incident } from '../api/types';
import { connection, reconnected } from '../live/live';
import {
  catalogFaults,
  health,
  incidents,
  incidentsStale,
  incidentsUnsureSince,
  load,
  loadError,
  lost,
  statusPage,
  takeHealth,
  takeIncident,
  waitingAlerts,
} from './store';

const incident = (id: string, version = 1): Incident => ({
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
});

/** Requests that wait until the test answers them. */
let asked: { url: string; answer: (body: unknown) => void; fail: () => void }[];
const back = vi.fn();

const settled = () => vi.waitFor(() => expect(asked.length).toBeGreaterThan(0));
const ids = () => incidents.value.map((i) => i.id).sort();
const part = (state: Health['state']): Health => ({ name: 'incident', kind: 'watchtower', state });

beforeEach(() => {
  asked = [];
  vi.stubGlobal('fetch', (url: string) => {
    return new Promise<Response>((resolve, reject) => {
      asked.push({
        url,
        answer: (body) => resolve(new Response(JSON.stringify(body))),
        fail: () => reject(new TypeError('refused')),
      });
    });
  });
  incidents.value = [];
  lost.value = {};
  incidentsStale.value = false;
  health.value = [];
  back.mockClear();
  reconnected.add(back);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  reconnected.delete(back);
  connection.value = { state: 'connecting' };
});

describe('the overview', () => {
  it('is read once more when it was asked for while it was being read', async () => {
    const first = load();
    await settled();
    const second = load();
    void load();
    asked[0]!.answer({ incidents: [], incidentsStale: true });
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    expect(incidentsStale.value).toBe(true);
    asked[1]!.answer({ incidents: [incident('a')], incidentsStale: false });
    await Promise.all([first, second]);
    expect(asked).toHaveLength(2);
    expect([incidentsStale.value, ids()]).toEqual([false, ['a']]);
  });

  it('does not take away an incident that came while its answer was on the way', async () => {
    takeIncident(incident('old'));
    const reading = load();
    await settled();
    takeIncident(incident('fresh'));
    asked[0]!.answer({ incidents: [] });
    await reading;
    expect(ids()).toEqual(['fresh']);
  });

  it('is tried again after a failure, and read at once when somebody asks before', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const reading = load();
    asked[0]!.fail();
    await reading;
    expect(loadError.value).toContain('cannot be reached');
    const again = load();
    asked[1]!.answer({ incidents: [] });
    await again;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([asked.length, loadError.value]).toEqual([2, null]);
  });
});

describe('a message about health', () => {
  it('has everything read again when a part is back or a source is heard again', () => {
    health.value = [part('UNKNOWN')];
    takeHealth({ seq: 1, health: [part('UP')] });
    expect(back).toHaveBeenCalledTimes(1);
    takeHealth({ seq: 2, interrupted: true, since: '2026-01-01T00:00:00Z', source: 'incident' });
    expect(back).toHaveBeenCalledTimes(1);
    takeHealth({ seq: 3, interrupted: false, since: '2026-01-01T00:01:00Z', source: 'incident' });
    expect(back).toHaveBeenCalledTimes(2);
    takeHealth({ seq: 4, health: [part('UP')], lost: [] });
    expect(back).toHaveBeenCalledTimes(2);
  });

  it('keeps the mark of the status page and what waits for Discord true', () => {
    const alert = { channel: 'ops', waiting: 2, broken: false, lastError: null };
    takeHealth({ seq: 1, health: [], statusPage: { indicator: 'major', description: 'x' }, waitingAlerts: [alert] });
    expect([statusPage.value?.indicator, waitingAlerts.value.length]).toEqual(['major', 1]);
    takeHealth({ seq: 2, health: [part('UP')] });
    expect([statusPage.value?.indicator, waitingAlerts.value.length]).toEqual(['major', 1]);
    takeHealth({ seq: 3, health: [], statusPage: { indicator: 'none', description: '' }, waitingAlerts: [] });
    expect([statusPage.value?.indicator, waitingAlerts.value.length]).toEqual(['none', 0]);
  });

  it('keeps the faults of the catalog until it is told of others', () => {
    takeHealth({ seq: 1, health: [], catalogFaults: ['line 4: expected a number'] });
    takeHealth({ seq: 2, health: [part('UP')] });
    expect(catalogFaults.value).toEqual(['line 4: expected a number']);
    takeHealth({ seq: 3, health: [], catalogFaults: [] });
    expect(catalogFaults.value).toEqual([]);
  });
});

it('is not sure of the incidents while their news cannot come', () => {
  connection.value = { state: 'live', since: 1 };
  expect(incidentsUnsureSince.value).toBeNull();
  takeHealth({ seq: 1, interrupted: true, since: '2026-01-01T00:00:00Z', source: 'incident' });
  expect(incidentsUnsureSince.value).toBe(Date.parse('2026-01-01T00:00:00Z'));
  lost.value = {};
  connection.value = { state: 'reconnecting', since: 7 };
  expect(incidentsUnsureSince.value).toBe(7);
});
