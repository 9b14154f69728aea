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

const { follow, load, seriesOf, targets } = await import('./store');

const DAY = 86_400_000;
/** Each test is long after the one before: what that knew is forgotten. */
let now = Date.parse('2026-03-02T10:00:00Z');
let overview: Record<string, unknown>;

const batch = (service: string, ts = now) => ({ env: 'prod', service, ts, signals: { traffic: 1 } });
const topic = (service: string) => `/topic/metrics.prod.${service}`;

beforeEach(() => {
  now += 2 * DAY;
  vi.useFakeTimers({ now, toFake: ['Date'] });
  vi.stubGlobal('fetch', async (url: string) => new Response(JSON.stringify(url === '/bff/overview' ? overview : {})));
});

it('does not ask for topics that the server refuses, or takes for many', async () => {
  const odd = ['x'.repeat(281), 'all*', 'line\n', 'a\u0000b', 'a\u0085b', 'a\u2028b', 'a\u2029b'];
  const fine = ['x'.repeat(280), 'a*b', 'a/b', 'ü b'];
  overview = { signals: [...odd, ...fine].map((name) => batch(name)) };
  await load();
  expect([...heard].sort()).toEqual(fine.map(topic).sort());
  expect(seriesOf('prod/all*').last?.ts).toBe(now);
});

const many = (letter: string, n: number) => Array.from({ length: n }, (_, i) => batch(`${letter}${i}`));

it('ends what is neither listed nor open any more', async () => {
  overview = { signals: many('b', 205) };
  await load();
  expect([heard.size, heard.has(topic('b204'))]).toEqual([200, false]);
  const close = follow(targets.value.find((t) => t.service.name === 'b204')!);
  expect([heard.size, heard.has(topic('b204'))]).toEqual([201, true]);

  now += DAY;
  vi.setSystemTime(now);
  overview = { signals: many('c', 150) };
  await load();
  expect([heard.size, heard.has(topic('b204')), heard.has(topic('c149'))]).toEqual([151, true, true]);
  expect([seriesOf('prod/b204').size, seriesOf('prod/b0').size]).toEqual([1, 0]);

  const listedToo = follow(targets.value[0]!);
  listedToo();
  close();
  expect([heard.size, heard.has(topic('b204')), heard.has(topic('c0'))]).toEqual([150, false, true]);
});

it('leaves subscriptions for other things, however large the catalog is', async () => {
  const services = many('d', 600).map(({ service: name }) => ({
    name,
    title: name,
    tier: 1,
    environments: ['prod'],
    dependencies: [],
  }));
  overview = { services, signals: many('e', 50) };
  await load();
  expect(heard.size).toBe(450);
  const close = follow(targets.value.find((t) => t.service.name === 'd599')!);
  expect([heard.size, heard.has(topic('d599'))]).toEqual([450, true]);
  close();
});

it('remembers services that the next overview has no room for', async () => {
  overview = { services: [], signals: many('f', 3) };
  await load();
  overview = { signals: many('g', 2) };
  await load();
  const names = () => targets.value.map((t) => t.service.name);
  expect(names()).toEqual(['f0', 'f1', 'f2', 'g0', 'g1']);
  expect(heard.has(topic('f0'))).toBe(true);
  now += DAY;
  vi.setSystemTime(now);
  overview = { signals: [batch('h')] };
  await load();
  expect(names()).toEqual(['h']);
});

it('keeps only the newest point of what is known but not followed', async () => {
  for (const later of [1000, 2000]) {
    overview = { signals: many('i', 201).map((b) => ({ ...b, ts: now + later })) };
    await load();
  }
  expect(['prod/i0', 'prod/i200'].map((key) => seriesOf(key).size)).toEqual([2, 1]);
  expect(seriesOf('prod/i200').last?.ts).toBe(now + 2000);
});
