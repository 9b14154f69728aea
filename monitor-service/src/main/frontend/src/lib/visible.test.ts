// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { whileVisible } from './visible';

let state: DocumentVisibilityState = 'visible';
const become = (next: DocumentVisibilityState) => {
  state = next;
  document.dispatchEvent(new Event('visibilitychange'));
};

beforeEach(() => {
  vi.useFakeTimers();
  state = 'visible';
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => state);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('asks as often as it says while the page is seen, and not behind other tabs', () => {
  const read = vi.fn();
  const stop = whileVisible(read, 15_000);
  vi.advanceTimersByTime(45_000);
  expect(read).toHaveBeenCalledTimes(3);
  become('hidden');
  vi.advanceTimersByTime(600_000);
  expect(read).toHaveBeenCalledTimes(3);
  become('visible');
  expect(read).toHaveBeenCalledTimes(4);
  become('hidden');
  become('visible');
  expect(read).toHaveBeenCalledTimes(4);
  stop();
  vi.advanceTimersByTime(60_000);
  expect(read).toHaveBeenCalledTimes(4);
});
