// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Incident, Me, StatusUpdate } from '../api/types';
import type { Loaded } from '../lib/load';
import { me } from '../state/store';
import { PublicUpdates } from './public-updates';
import { Toasts } from './toasts';

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
const draft: StatusUpdate = {
  id: 'u1',
  status: 'investigating',
  body: 'We look into it.',
  state: 'DRAFT',
  createdAt: '2026-01-01T00:00:00Z',
  by: 'ann',
};
const WHY = 'No component of the status page stands for checkout.';

let root: HTMLElement;
const reload = vi.fn();
const button = (text: string, last = false) => {
  const all = [...root.querySelectorAll('button')].filter((b) => b.textContent?.trim() === text);
  return all.at(last ? -1 : 0) as HTMLButtonElement;
};
const field = () => root.querySelector('textarea') as HTMLTextAreaElement;
const updates = (data: StatusUpdate[]): Loaded<StatusUpdate[]> => ({
  data,
  error: null,
  at: 0,
  reload,
  set: () => undefined,
});

/** Every request that ends with `publish`, or asks for it, is refused. */
function refuse(url: string, init: RequestInit): Response {
  if (!url.endsWith('/publish') && !String(init.body).includes('"publish":true')) return new Response('{}');
  const problem = { type: '/problems/not-possible', title: 'Not possible', status: 422, detail: WHY };
  return new Response(JSON.stringify(problem), { status: 422 });
}

beforeEach(() => {
  localStorage.clear();
  reload.mockClear();
  me.value = { name: 'ann', roles: ['SRE'], scopes: ['respond'] } as unknown as Me;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => refuse(url, init));
  root = document.createElement('div');
  document.body.replaceChildren(root);
});

it('says in the dialog why a text was not published, and keeps the text', async () => {
  await act(() => render(<PublicUpdates incident={incident} updates={updates([])} />, root));
  await act(() => button('Write…').click());
  await act(() => {
    field().value = 'Orders fail.';
    field().dispatchEvent(new Event('input', { bubbles: true }));
  });
  await act(() => button('Publish').click());
  await vi.waitFor(() => expect(root.querySelector('dialog [role=alert]')?.textContent).toContain(WHY));
  expect(root.querySelector('dialog [role=alert]')?.textContent).toContain('your words are still here');
  expect(field().value).toBe('Orders fail.');
  expect(reload).not.toHaveBeenCalled();
});

it('says of a draft that it is saved though it was not published', async () => {
  await act(() => render(<PublicUpdates incident={incident} updates={updates([draft])} />, root));
  await act(() => button('Edit…').click());
  await act(() => button('Publish', true).click());
  await vi.waitFor(() => expect(root.querySelector('dialog [role=alert]')?.textContent).toContain(WHY));
  expect(root.querySelector('dialog [role=alert]')?.textContent).toContain('The draft is saved');
  expect(field().value).toBe('We look into it.');
});

const BROKE_OFF = new Response('{"type":"/problems/peer-broke-off","detail":"It broke off."}', { status: 502 });

it('says that it is not known whether a text was published when the service broke off', async () => {
  vi.stubGlobal('fetch', async () => BROKE_OFF.clone());
  await act(() => render(<PublicUpdates incident={incident} updates={updates([])} />, root));
  await act(() => button('Write…').click());
  await act(() => {
    field().value = 'Orders fail.';
    field().dispatchEvent(new Event('input', { bubbles: true }));
  });
  await act(() => button('Publish').click());
  await vi.waitFor(() => expect(root.querySelector('dialog [role=alert]')?.textContent).toContain('is not known'));
  expect(root.querySelector('dialog [role=alert]')?.textContent).not.toContain('Nothing was told');
  expect(reload).toHaveBeenCalled();
});

it('knows that a draft that could not even be saved was not published', async () => {
  vi.stubGlobal('fetch', async () => BROKE_OFF.clone());
  await act(() => render(<PublicUpdates incident={incident} updates={updates([draft])} />, root));
  await act(() => button('Edit…').click());
  await act(() => button('Publish', true).click());
  await vi.waitFor(() => expect(root.querySelector('dialog [role=alert]')?.textContent).toContain('Nothing was told'));
});

it.each([
  [503, '{"type":"/problems/unavailable","detail":"The database does not answer."}', true],
  [500, '{"type":"/problems/internal","detail":"A fault of ours."}', true],
  [503, '{"type":"/problems/unavailable","detail":"It is not reachable.","service":"incident-service"}', false],
])('knows whether a text may be published after %i: %s', async (status, problem, maybe) => {
  vi.stubGlobal('fetch', async () => new Response(problem, { status }));
  await act(() => render(<PublicUpdates incident={incident} updates={updates([])} />, root));
  await act(() => button('Write…').click());
  await act(() => {
    field().value = 'Orders fail.';
    field().dispatchEvent(new Event('input', { bubbles: true }));
  });
  await act(() => button('Publish').click());
  const said = maybe ? 'is not known whether this was published' : 'Nothing was told';
  await vi.waitFor(() => expect(root.querySelector('dialog [role=alert]')?.textContent).toContain(said));
});

it('says so of a draft that was published from the list, too, and of nothing that was refused', async () => {
  vi.stubGlobal('fetch', async () => BROKE_OFF.clone());
  const shown = () => root.querySelector('.toasts')?.textContent;
  const page = (
    <>
      <PublicUpdates incident={incident} updates={updates([draft])} />
      <Toasts />
    </>
  );
  await act(() => render(page, root));
  await act(() => button('Publish').click());
  await vi.waitFor(() => expect(shown()).toContain('is not known whether this was published'));
  expect(shown()).not.toContain('was not published');

  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => refuse(url, init));
  await act(() => button('Publish').click());
  await vi.waitFor(() => expect(shown()).toContain(`The update was not published: ${WHY}`));
});
