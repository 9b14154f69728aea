// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MuteDialog } from './mute-form';

let root: HTMLElement;
let asked: { matchers: { services?: string[] } }[];

const preview = () => root.querySelector<HTMLElement>('.preview')!;
const type = (at: number, text: string) =>
  act(() => {
    const input = root.querySelectorAll<HTMLInputElement>('input.field')[at]!;
    input.value = text;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  });

beforeEach(async () => {
  asked = [];
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit) => {
    asked.push(JSON.parse(String(init.body)));
    return new Response(JSON.stringify({ incidents: 3, wouldMute: 0, items: [], complete: true, told: 0 }));
  });
  root = document.createElement('div');
  document.body.replaceChildren(root);
  await act(() =>
    render(<MuteDialog start={{ services: '"Order desk"' }} onClose={() => {}} onDone={() => {}} />, root),
  );
});

afterEach(() => vi.unstubAllGlobals());

it('says by its looks while a preview is of what was typed before', async () => {
  expect(preview().getAttribute('aria-busy')).toBe('true');
  await vi.waitFor(() => expect(preview().textContent).toContain('would mute nothing'));
  expect(preview().getAttribute('aria-busy')).toBe('false');
  expect(asked[0]?.matchers.services).toEqual(['Order desk']);

  await type(0, '*');
  expect(preview().textContent).toContain('would mute nothing');
  expect(preview().getAttribute('aria-busy')).toBe('true');
  await vi.waitFor(() => expect(preview().getAttribute('aria-busy')).toBe('false'));
});

it('asks for no preview because of the reason', async () => {
  await vi.waitFor(() => expect(preview().getAttribute('aria-busy')).toBe('false'));
  await type(4, 'a deployment');
  expect(preview().getAttribute('aria-busy')).toBe('false');
});
