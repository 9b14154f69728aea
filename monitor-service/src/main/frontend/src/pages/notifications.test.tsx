// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, it, vi } from 'vitest';
import { NotificationsPage } from './notifications';

it('keeps the reason of a message and its time apart', async () => {
  const sent = {
    id: 'n1',
    kind: 'OPENED',
    channel: 'mail',
    state: 'SENT',
    attempt: 1,
    createdAt: '2026-01-01T00:00:00Z',
    doneAt: '2026-01-01T00:00:01Z',
    reason: 'not bad@example.org (550)',
  };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ items: [sent], channels: [] })));
  const root = document.createElement('div');
  await act(() => render(<NotificationsPage />, root));
  await vi.waitFor(() => expect(root.textContent).toContain('(550)'));
  expect(root.textContent).toContain('not bad@example.org (550) at ');
});

it('says of what waits that it may have arrived', async () => {
  const waiting = {
    id: 'n2',
    kind: 'ESCALATION',
    channel: 'hook',
    state: 'WAITING',
    attempts: 2,
    createdAt: '2026-01-01T00:00:00Z',
    reason: 'the connection to the hook broke',
    mayHaveArrived: true,
  };
  const items = [waiting, { ...waiting, id: 'n3', mayHaveArrived: false }];
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify({ items, channels: [] })));
  const root = document.createElement('div');
  await act(() => render(<NotificationsPage />, root));
  await vi.waitFor(() => expect(root.textContent).toContain('the connection to the hook broke'));
  expect(root.textContent?.split('an earlier attempt may have arrived')).toHaveLength(2);
});
