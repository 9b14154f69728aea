// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider } from 'preact-iso';
import { beforeEach, expect, it } from 'vitest';
import type { CatalogService, Incident, Me } from '../api/types';
import { incidents, incidentsStale, loaded, me, sending, seriesOf, services } from '../state/store';
import { OverviewPage } from './overview';

const opened = (number: number): Incident => ({
  id: `i${number}`,
  number,
  title: `Trouble ${number}`,
  state: 'OPEN',
  severity: 'SEV2',
  service: `shop-${number}`,
  env: 'prod',
  version: 1,
  openedAt: '2026-01-01T00:00:00Z',
  allowedEvents: [],
  signals: [],
});

let root: HTMLElement;

beforeEach(async () => {
  me.value = { name: 'ann', roles: ['RESPONDER'], scopes: ['respond'] } as unknown as Me;
  services.value = [{ name: 'shop', title: 'Shop', environments: ['prod'] } as unknown as CatalogService];
  sending.value = [];
  incidents.value = [];
  incidentsStale.value = false;
  loaded.value = true;
  root = document.createElement('div');
  document.body.replaceChildren(root);
  await act(() =>
    render(
      <LocationProvider>
        <OverviewPage />
      </LocationProvider>,
      root,
    ),
  );
});

it('shows the worst of very many open incidents and says how many more there are', async () => {
  const many = Array.from({ length: 1000 }, (_, n) => opened(n + 1));
  await act(() => {
    incidents.value = many;
  });
  expect(root.querySelectorAll('.incident-row')).toHaveLength(50);
  expect(root.querySelector('.count')?.textContent).toBe('1000');
  expect(root.querySelector('.more-left')?.textContent).toContain('950 more');
  await act(() => {
    incidents.value = many.slice(0, 50);
  });
  expect(root.querySelectorAll('.incident-row')).toHaveLength(50);
  expect(root.querySelector('.more-left')).toBeNull();
});

it('keeps what somebody writes when the first incident opens by itself, and when the last ends', async () => {
  const declare = root.querySelector<HTMLButtonElement>('button.declare')!;
  await act(() => declare.click());
  const dialog = root.querySelector('dialog')!;
  const title = dialog.querySelector('input')!;
  await act(() => {
    title.value = 'Orders are lost';
    title.dispatchEvent(new Event('input', { bubbles: true }));
  });

  for (const open of [[opened(1)], []]) {
    await act(() => {
      incidents.value = open;
    });
    expect(root.querySelector('.all-clear') === null).toBe(open.length > 0);
    expect(root.querySelector('dialog')).toBe(dialog);
    expect(root.querySelector('dialog input')).toBe(title);
    expect(title.value).toBe('Orders are lost');
  }
});

it('lists services that send samples and are not in the catalog, and links to their pages', async () => {
  const names = ['integrations/unix', ...Array.from({ length: 203 }, (_, i) => `job-${i}`)];
  for (const n of names) seriesOf(`prod/${n}`).append({ ts: Date.now(), signals: { traffic: 1 } });
  await act(() => {
    sending.value = names.map((service) => ({ env: 'prod', service, ts: Date.now(), signals: {} }));
  });
  const rows = [...root.querySelectorAll('table.services tbody tr')];
  expect(rows).toHaveLength(201);
  expect(rows[0]?.textContent).toContain('Shop');
  expect(rows[0]?.textContent).not.toContain('not in the catalog');
  expect(rows[1]?.textContent).toContain('prod · not in the catalog');
  expect(rows[1]?.querySelector('a')?.getAttribute('href')).toBe('/services?env=prod&name=integrations%2Funix');
  expect(root.querySelector('.more-left')?.textContent).toContain('and 4 more');
});

it('says of a service that sends nothing else that it has no golden signals yet', async () => {
  const ts = Date.now() - 3_600_000;
  seriesOf('prod/backup').append({ ts, signals: {} });
  await act(() => {
    sending.value = [{ env: 'prod', service: 'backup', ts, signals: {} }];
  });
  const row = root.querySelectorAll('table.services tbody tr')[1];
  expect(row?.textContent).toContain('No signals');
  expect(row?.classList.contains('stale')).toBe(false);
});
