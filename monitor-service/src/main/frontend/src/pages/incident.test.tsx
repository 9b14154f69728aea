// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import type { Incident, TimelineEntry } from '../api/types';

type Take = (m: { body: string }) => void;
const stomp = vi.hoisted(() => ({ topics: new Map<string, Take>() }));
vi.mock('@stomp/stompjs', () => ({
  ReconnectionTimeMode: { EXPONENTIAL: 1 },
  Client: class {
    connected = true;
    activate() {}
    subscribe(destination: string, take: Take) {
      stomp.topics.set(destination, take);
      return { unsubscribe: () => undefined };
    }
  },
}));

const { incidents } = await import('../state/store');
const { IncidentPage } = await import('./incident');

const incident: Incident = {
  id: 'i1',
  number: 42,
  title: 'Checkout fails',
  state: 'OPEN',
  severity: 'SEV2',
  service: 'checkout',
  env: 'prod',
  version: 1,
  openedAt: '2026-01-01T00:00:00Z',
  allowedEvents: [],
  signals: [],
};

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('reads the whole incident where a message had no room for all its signals', async () => {
  let readings = 0;
  let { version } = incident;
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.endsWith('/incidents/i1')) readings++;
    return new Response(JSON.stringify(url.endsWith('/incidents/i1') ? { ...incident, version } : { items: [] }));
  });
  incidents.value = [incident];
  const root = document.createElement('div');
  await act(() => render(<IncidentPage id="i1" />, root));
  await vi.waitFor(() => expect(stomp.topics.has('/topic/incidents.i1')).toBe(true));
  const before = readings;
  const tell = (seq: number, partial: boolean) => {
    version++;
    const body = JSON.stringify({ seq, incident: { ...incident, version, partial } });
    return act(() => stomp.topics.get('/topic/incidents.i1')!({ body }));
  };
  await tell(1, false);
  expect(root.textContent).not.toContain('Not all signals');
  await tell(2, true);
  expect(root.textContent).toContain('Not all signals');
  await vi.waitFor(() => expect(readings).toBe(before + 1), 3000);
  await vi.waitFor(() => expect(root.textContent).not.toContain('Not all signals'));
});

it('has a heading where the incident cannot be read', async () => {
  vi.stubGlobal('fetch', async () => new Response('{"status":404,"title":"No such incident"}', { status: 404 }));
  incidents.value = [];
  const root = document.createElement('div');
  await act(() => render(<IncidentPage id="none" />, root));
  await vi.waitFor(() => expect(root.textContent).toContain('This incident cannot be read'));
  expect(root.querySelector('h1')?.textContent).toBe('Incident');
});

it('reads the changes now and then in a storm of messages about them, not for each', async () => {
  let readings = 0;
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.startsWith('/bff/ingest/api/v1/events')) readings++;
    return new Response(JSON.stringify(url.endsWith('/incidents/i1') ? incident : { items: [] }));
  });
  incidents.value = [incident];
  const root = document.createElement('div');
  await act(() => render(<IncidentPage id="i1" />, root));
  await vi.waitFor(() => expect(stomp.topics.has('/topic/incidents.i1')).toBe(true));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const before = readings;
  for (let seq = 1; seq <= 20; seq++) {
    const entry: TimelineEntry = {
      seq,
      ts: '2026-01-01T00:00:00Z',
      kind: 'CHANGE_EVENT',
      actor: { type: 'SERVICE', name: 'incident' },
      summary: 'deployed',
    };
    await act(() => stomp.topics.get('/topic/incidents.i1')!({ body: JSON.stringify({ seq, entries: [entry] }) }));
    await vi.advanceTimersByTimeAsync(50);
  }
  await vi.advanceTimersByTimeAsync(1_000);
  expect(readings - before).toBeGreaterThanOrEqual(1);
  expect(readings - before).toBeLessThanOrEqual(3);
});
