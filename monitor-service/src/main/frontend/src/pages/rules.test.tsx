// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, it, vi } from 'vitest';
import type { Me } from '../api/types';
import { me } from '../state/store';
import { RulesPage } from './rules';

const RULE = {
  state: 'inactive',
  duration: 3,
  labels: { severity: 'SEV2' },
  annotations: { summary: 'Too many requests fail' },
  alerts: [],
  health: 'ok',
};

function answer(rules: object[]) {
  vi.stubGlobal(
    'fetch',
    async () => new Response(JSON.stringify({ status: 'success', data: { groups: [{ rules }] } })),
  );
}

it('says what fires, for whom, and what cannot be looked at', async () => {
  const alerts = Array.from({ length: 7 }, (_, i) => ({
    labels: { service: `shop-${i}`, env: 'prod', alertname: 'errors', severity: 'SEV2' },
    state: i < 6 ? 'firing' : 'pending',
    activeAt: `2026-01-01T00:0${i}:00Z`,
  }));
  answer([
    { ...RULE, name: 'broken', query: 'count(x) > 1', health: 'err', lastError: 'too many series' },
    { ...RULE, name: 'errors', query: 'error_rate > 0.05', state: 'firing', alerts },
  ]);
  const root = document.createElement('div');
  await act(() => render(<RulesPage />, root));
  await vi.waitFor(() => expect(root.querySelectorAll('table.rules tbody tr')).toHaveLength(2));

  const [first, second] = root.querySelectorAll('table.rules tbody tr');
  expect(first?.textContent).toContain('error_rate > 0.05 for 3\u00a0s');
  expect(first?.textContent).toContain('Fires for 6');
  expect(first?.querySelector('a')?.getAttribute('href')).toBe('/services/prod/shop-0');
  expect(first?.textContent).not.toContain('shop-5');
  expect(first?.textContent).toContain('and 2 more');
  expect(second?.textContent).toContain('Cannot be looked at');
  expect(second?.textContent).toContain('too many series');
});

it('says so when there are no rules', async () => {
  answer([]);
  const root = document.createElement('div');
  await act(() => render(<RulesPage />, root));
  await vi.waitFor(() => expect(root.textContent).toContain('No rules yet'));
});

it('shows no old result below the error of another rule', async () => {
  me.value = { name: 'ann', roles: ['RESPONDER'], scopes: ['respond'] } as unknown as Me;
  answer([]);
  const root = document.createElement('div');
  await act(() => render(<RulesPage />, root));
  const test = async (response: Response) => {
    vi.stubGlobal('fetch', async () => response);
    await act(async () => {
      root.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }));
    });
  };
  const past = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z', stepSeconds: 5 };
  await test(new Response(JSON.stringify({ ...past, total: 0, truncated: false, firings: [] })));
  await vi.waitFor(() => expect(root.textContent).toContain('It would have kept still'));

  const fault = { path: 'rule.expression', message: 'unexpected end' };
  const problem = { title: 'Bad request', detail: 'rule.expression: unexpected end', errors: [fault] };
  await test(new Response(JSON.stringify(problem), { status: 400 }));
  await vi.waitFor(() => expect(root.querySelector('[role=alert]')?.textContent).toBe(problem.detail));
  expect(root.textContent).not.toContain('It would have kept still');
});
