// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from 'vitest';

/** The destinations that are subscribed to. */
const heard = vi.hoisted(() => new Set<string>());
vi.mock('@stomp/stompjs', () => ({
  ReconnectionTimeMode: { EXPONENTIAL: 1 },
  Client: class {
    connected = true;
    subscribe(destination: string) {
      heard.add(destination);
      return { unsubscribe: () => heard.delete(destination) };
    }
  },
}));

const { load, seriesOf } = await import('./store');

const NOW = Date.parse('2026-03-02T10:00:00Z');
let overview: Record<string, unknown>;

const batch = (service: string, ts = NOW) => ({ env: 'prod', service, ts, signals: { traffic: 1 } });
const topic = (service: string) => `/topic/metrics.prod.${service}`;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  vi.stubGlobal('fetch', async (url: string) => new Response(JSON.stringify(url === '/bff/overview' ? overview : {})));
});

it('does not ask for topics that the server refuses, or takes for many', async () => {
  const odd = ['x'.repeat(281), 'all*', 'line\n', 'a\u0000b', 'a\u0085b', 'a\u2028b', 'a\u2029b'];
  const fine = ['x'.repeat(280), 'a*b', 'a/b', 'ü b'];
  overview = { signals: [...odd, ...fine].map((name) => batch(name)) };
  await load();
  expect([...heard].sort()).toEqual(fine.map(topic).sort());
  expect(seriesOf('prod/all*').last?.ts).toBe(NOW);
});
