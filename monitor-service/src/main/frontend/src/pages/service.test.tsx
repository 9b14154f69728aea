// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { beforeEach, expect, it, vi } from 'vitest';
import type { CatalogService } from '../api/types';
import { servicePath } from '../lib/service-path';
import { loaded, services } from '../state/store';
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

let root: HTMLElement;

beforeEach(() => {
  vi.stubGlobal('fetch', async () => new Response('{"items":[]}'));
  loaded.value = true;
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
