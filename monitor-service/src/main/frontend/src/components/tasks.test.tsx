// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, it } from 'vitest';
import type { Incident } from '../api/types';
import { Tasks } from './tasks';

it('shows the Markdown of a task as the timeline does, and reads it out without its marks', async () => {
  const root = document.createElement('div');
  const incident = {
    id: 'i1',
    state: 'OPEN',
    tasks: [
      {
        id: 't1',
        text: 'Roll `checkout` **back**, see https://example.org/run',
        state: 'OPEN',
        createdBy: 'ann',
        createdAt: '2026-01-01T00:00:00Z',
      },
    ],
  } as unknown as Incident;
  await act(() => render(<Tasks incident={incident} />, root));
  expect(root.querySelector('.tasks code')?.textContent).toBe('checkout');
  expect(root.querySelector('.tasks strong')?.textContent).toBe('back');
  expect(root.querySelector('.tasks a')?.getAttribute('href')).toBe('https://example.org/run');
  expect(root.querySelector('input[type=checkbox]')?.getAttribute('aria-label')).toBe(
    'Done: Roll checkout back, see https://example.org/run',
  );
});
