// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider } from 'preact-iso';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CatalogService, Incident, Me } from '../api/types';
import { incidents, incidentsStale, me, services } from '../state/store';
import { DeclareButton } from './declare';

const made: Incident = {
  id: 'i7',
  number: 43,
  title: 'Orders are lost',
  state: 'OPEN',
  severity: 'SEV2',
  service: 'inventory',
  env: 'prod',
  version: 1,
  openedAt: '2026-01-01T00:00:00Z',
  allowedEvents: [],
  signals: [],
};

type Answer = { status: number; body?: unknown };
let root: HTMLElement;
let posts: unknown[];
let post: () => Promise<Answer> | Answer;
let list: () => Answer;

const button = (text: string) =>
  [...root.querySelectorAll('button')].find((b) => b.textContent?.trim() === text) as HTMLButtonElement;
const labelled = (text: string) =>
  [...root.querySelectorAll('label')]
    .find((l) => l.textContent?.startsWith(text))
    ?.querySelector('input, textarea') as HTMLInputElement;
const type = (label: string, text: string) =>
  act(() => {
    labelled(label).value = text;
    labelled(label).dispatchEvent(new Event('input', { bubbles: true }));
  });
const submit = () =>
  root.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
const alert = () => root.querySelector('dialog [role=alert]')?.textContent ?? '';

async function show(): Promise<void> {
  await act(() =>
    render(
      <LocationProvider>
        <DeclareButton />
      </LocationProvider>,
      root,
    ),
  );
}

async function fill(): Promise<void> {
  await show();
  await act(() => button('Declare incident…').click());
  await type('Title', 'Orders are lost');
  await type('Service', 'inventory');
  await act(() => labelled('SEV2').click());
}

beforeEach(() => {
  history.replaceState(null, '', '/incidents');
  me.value = { name: 'ann', roles: ['RESPONDER'], scopes: ['respond'] } as unknown as Me;
  services.value = [{ name: 'inventory', title: 'Inventory', environments: ['prod'] } as unknown as CatalogService];
  incidents.value = [];
  incidentsStale.value = false;
  posts = [];
  post = () => ({ status: 201, body: made });
  list = () => ({ status: 200, body: { items: [] } });
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    if (init.method === 'POST') posts.push(JSON.parse(String(init.body)));
    const { status, body } = init.method === 'POST' ? await post() : list();
    return new Response(JSON.stringify(body ?? {}), { status });
  });
  root = document.createElement('div');
  document.body.replaceChildren(root);
});

describe('the button', () => {
  it('is not there for whoever may not respond', async () => {
    me.value = { name: 'eve', roles: ['VIEWER'], scopes: ['read'] } as unknown as Me;
    await show();
    expect(root.querySelector('button')).toBeNull();
  });

  it('says why it does nothing while incidents are read-only', async () => {
    incidentsStale.value = true;
    await show();
    expect(button('Declare incident…').disabled).toBe(true);
    expect(button('Declare incident…').title).toContain('read-only');
  });
});

describe('a declaration', () => {
  it('leads to the incident, which the page knows from then on', async () => {
    await fill();
    await act(() => void submit());
    await vi.waitFor(() => expect(location.pathname).toBe('/incidents/i7'));
    expect(posts).toEqual([
      { title: 'Orders are lost', service: 'inventory', env: 'prod', severity: 'SEV2', comment: null },
    ]);
    expect(incidents.value.map((i) => i.number)).toEqual([43]);
    expect(root.querySelector('dialog')).toBeNull();
  });

  it('is sent once, however often one clicks', async () => {
    await fill();
    let answer: (a: Answer) => void = () => undefined;
    post = () => new Promise<Answer>((done) => (answer = done));
    await act(() => {
      submit();
      submit();
    });
    await act(() => void submit());
    expect(button('Declaring…').getAttribute('aria-disabled')).toBe('true');
    await act(() => answer({ status: 201, body: made }));
    await vi.waitFor(() => expect(location.pathname).toBe('/incidents/i7'));
    expect(posts).toHaveLength(1);
  });

  it('that is refused says so at the field, which has the focus, and keeps what was written', async () => {
    post = () => ({
      status: 400,
      body: { detail: 'A field is not right.', errors: [{ path: 'service', message: 'has control characters' }] },
    });
    await fill();
    await act(() => void submit());
    await vi.waitFor(() => expect(labelled('Service').getAttribute('aria-invalid')).toBe('true'));
    const described = labelled('Service').getAttribute('aria-describedby');
    expect(document.getElementById(described ?? '')?.textContent).toBe('has control characters');
    expect(document.activeElement).toBe(labelled('Service'));
    expect(labelled('Title').value).toBe('Orders are lost');
    await type('Service', 'stock');
    expect(labelled('Service').getAttribute('aria-invalid')).toBeNull();
  });

  it('that lacks something is not sent', async () => {
    await fill();
    await type('Title', '  ');
    await act(() => void submit());
    expect(labelled('Title').getAttribute('aria-invalid')).toBe('true');
    expect(posts).toEqual([]);
  });

  it('beside an open incident is answered with that one', async () => {
    post = () => ({
      status: 409,
      body: { type: '/problems/incident-open', detail: 'Incident #43 is not resolved yet.', incident: 'i7' },
    });
    list = () => ({ status: 200, body: made });
    await fill();
    await act(() => void submit());
    await vi.waitFor(() => expect(alert()).toContain('not resolved yet'));
    expect(root.querySelector('dialog a')?.getAttribute('href')).toBe('/incidents/i7');
  });

  it('without an answer is looked for: the incident may be there', async () => {
    post = () => ({ status: 504 });
    list = () => ({ status: 200, body: { items: [made] } });
    await fill();
    await act(() => void submit());
    await vi.waitFor(() => expect(alert()).toContain('not known whether'));
    expect(root.querySelector('dialog a')?.textContent).toBe('#43 Orders are lost');
  });

  it('without an answer can be sent again, as no second incident comes of it', async () => {
    post = () => ({ status: 504 });
    await fill();
    await act(() => void submit());
    await vi.waitFor(() => expect(alert()).toContain('None of inventory in prod is open so far'));
    post = () => ({ status: 201, body: made });
    await act(() => void submit());
    await vi.waitFor(() => expect(location.pathname).toBe('/incidents/i7'));
  });

  it('that nobody took is certain not to be there', async () => {
    post = () => ({ status: 503, body: { detail: 'incident-service is not reachable.', service: 'incident-service' } });
    await fill();
    await act(() => void submit());
    await vi.waitFor(() => expect(alert()).toBe('incident-service is not reachable.'));
  });

  it('whose look fails too says where to look', async () => {
    post = () => ({ status: 502 });
    list = () => ({ status: 503 });
    await fill();
    await act(() => void submit());
    await vi.waitFor(() => expect(alert()).toContain('Look at the list of incidents'));
  });

  it('closed by mistake has lost nothing', async () => {
    await fill();
    await act(() => button('Cancel').click());
    await act(() => button('Declare incident…').click());
    expect(labelled('Title').value).toBe('Orders are lost');
  });
});
