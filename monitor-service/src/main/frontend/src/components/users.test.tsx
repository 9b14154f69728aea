// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, it, vi } from 'vitest';
import { Users } from './users';

it('drops an old refusal as soon as the form is changed', async () => {
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) =>
    init.method === 'POST'
      ? new Response(JSON.stringify({ type: '/problems/user-exists', detail: 'There is such a user.' }), {
          status: 409,
        })
      : new Response('{"items":[]}'),
  );
  const root = document.createElement('div');
  document.body.replaceChildren(root);
  await act(() => render(<Users />, root));
  const add = [...root.querySelectorAll('button')].find((b) => b.textContent === 'Add a person…');
  await act(() => add?.click());
  await act(
    () => void root.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })),
  );
  await vi.waitFor(() => expect(root.querySelector('[role=alert]')?.textContent).toBe('There is such a user.'));
  await act(() => void root.querySelector('input')?.dispatchEvent(new Event('input', { bubbles: true })));
  expect(root.querySelector('[role=alert]')).toBeNull();
});
