// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { beforeEach, expect, it, vi } from 'vitest';
import type { CatalogService } from '../api/types';
import { servicePath } from '../lib/service-path';
import { loaded, sending, seriesOf, services } from '../state/store';
import { ServicePage } from './service';

// The tests' browser has no canvas.
vi.mock('../components/signal-charts', () => ({ SignalCharts: () => null }));

const named = (name: string): CatalogService => ({
  name,
  title: `The service ${name}`,
  tier: 1,
  environments: ['prod'],
  dependencies: [],
});

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

let root: HTMLElement;

beforeEach(() => {
  vi.stubGlobal('fetch', async () => new Response('{"items":[]}'));
  loaded.value = true;
  services.value = [];
  sending.value = [];
  root = document.createElement('div');
  document.body.replaceChildren(root);
});

async function open(address: string) {
  history.replaceState(null, '', address);
  await act(() =>
    render(
      <LocationProvider>
        <Router>
          <Route path="/services" component={ServicePage} />
          <Route path="/services/:env/:service" component={ServicePage} />
        </Router>
      </LocationProvider>,
      root,
    ),
  );
}

it.each(['shop', 'a/b', '50%off', 'a#b', 'a?b', '..'])('is the page of the service %s', async (name) => {
  services.value = [named('other'), named(name)];
  await open(servicePath('prod', name));
  expect(root.querySelector('h1')?.textContent).toBe(`The service ${name}`);
});

it.each([
  [
    'node',
    'under services: in the catalog (config/watchtower.yaml unless WATCHTOWER_CATALOG names another)',
    '- name: node\n    environments: [prod]',
  ],
  ['integrations/unix', 'Let it send another service.name', null],
])('says of %s how it comes into the catalog', async (name, how, snippet) => {
  sending.value = [{ env: 'prod', service: name, ts: Date.now(), signals: {} }];
  await open(servicePath('prod', name));
  expect(root.querySelector('h1')?.textContent).toBe(name);
  const text = root.textContent ?? '';
  expect(text).toContain('prod · not in the catalog');
  expect(text).toContain(how);
  expect(text).not.toContain('Dependencies');
  if (snippet) expect(root.querySelector('pre')?.textContent).toContain(snippet);
  else expect(root.querySelector('pre')).toBeNull();
});

it('has the service come live while it is open', async () => {
  services.value = [named('one'), named('two')];
  await open(servicePath('prod', 'one'));
  await vi.waitFor(() => expect([...heard]).toContain('/topic/metrics.prod.one'));
  services.value = [];
  await act(() => render(null, root));
  expect([...heard]).not.toContain('/topic/metrics.prod.one');
});

it('says that nothing is known yet of a service, and shows what history has of it', async () => {
  const stored = JSON.stringify({ points: [{ ts: Date.now() - 60_000, signals: { traffic: 1 } }] });
  const answers: (() => void)[] = [];
  vi.stubGlobal('fetch', (url: string) =>
    url.includes('/history')
      ? new Promise((answer) => answers.push(() => answer(new Response(stored))))
      : Promise.resolve(new Response('{"items":[]}')),
  );
  await open(servicePath('prod', 'seldom'));
  expect(root.querySelector('h1')?.textContent).toBe('seldom');
  expect(root.textContent).toContain('Nothing is known of it yet');
  await vi.waitFor(() => expect(answers.length).toBeGreaterThan(0));
  await act(() => {
    for (const answer of answers) answer();
  });
  await vi.waitFor(() => expect(root.textContent).toContain('Last sample at'));
  expect(root.textContent).not.toContain('Nothing is known');
});

it('is of no service without a name', async () => {
  await open('/services');
  expect(root.textContent).toContain('No service is named');
});

it('says what a service sends that has no golden signals', async () => {
  seriesOf('prod/backup').append({ ts: Date.now(), signals: {} });
  sending.value = [{ env: 'prod', service: 'backup', ts: Date.now(), signals: {} }];
  await open(servicePath('prod', 'backup'));
  expect(root.textContent).toContain(
    'It sends samples, but none of them makes traffic, errors, latency, CPU or memory',
  );
});
