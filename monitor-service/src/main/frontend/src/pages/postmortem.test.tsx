// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Incident } from '../api/types';
import { PostmortemPage } from './postmortem';

const incident: Incident = {
  id: 'i1',
  number: 42,
  title: 'Checkout fails',
  state: 'INVESTIGATING',
  severity: 'SEV2',
  service: 'checkout',
  env: 'prod',
  version: 1,
  openedAt: '2026-01-01T00:00:00Z',
  allowedEvents: [],
  signals: [],
};

let root: HTMLElement;
let asked: string[];

beforeEach(() => {
  asked = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return new Response(JSON.stringify(incident));
  });
  root = document.createElement('div');
  document.body.replaceChildren(root);
});

it('says before the end which incident it is about, and does not ask for what cannot be there', async () => {
  await act(() => render(<PostmortemPage id="i1" />, root));
  await vi.waitFor(() => expect(root.textContent).toContain('There is no postmortem yet'));
  expect(root.querySelector('h1')?.textContent).toBe('Checkout fails');
  expect(root.textContent).toContain('Investigating');
  expect(root.textContent).not.toContain('INVESTIGATING');
  expect(asked.filter((url) => url.includes('/postmortem'))).toEqual([]);
});
