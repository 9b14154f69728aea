// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import type { Incident } from '../api/types';
import { me } from '../state/store';
import { People } from './people';

afterEach(() => {
  vi.unstubAllGlobals();
  me.value = null;
});

it('takes a responder off by the query, where any name can stand', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
    asked.push(`${init?.method ?? 'GET'} ${path}`);
    return new Response('{}', { headers: { 'Content-Type': 'application/json' } });
  });
  me.value = { name: 'ann', roles: [], scopes: ['respond'], mustChangePassword: false };
  const root = document.createElement('div');
  const incident = {
    id: 'i1',
    state: 'OPEN',
    responders: [{ name: 'DBA/on-call', role: 'SCRIBE', since: '2026-01-01T00:00:00Z' }],
  } as unknown as Incident;
  await act(() => render(<People incident={incident} escalation={null} policy={undefined} />, root));
  await act(() => root.querySelector<HTMLButtonElement>('[aria-label="Take DBA/on-call off"]')?.click());
  expect(asked[0]).toBe('DELETE /bff/incident/api/v1/incidents/i1/responders?name=DBA%2Fon-call');
});
