import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { settled } from './settle';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('is done again and again in a storm, and no more often than it may', () => {
  const read = vi.fn();
  const soon = settled(read, 700);
  for (let i = 0; i < 70; i++) {
    soon();
    vi.advanceTimersByTime(100);
  }
  expect(read.mock.calls.length).toBeGreaterThanOrEqual(8);
  expect(read.mock.calls.length).toBeLessThanOrEqual(10);
});

it('is done once for all who asked, and after the last of them', () => {
  const read = vi.fn();
  const soon = settled(read, 700);
  soon();
  vi.advanceTimersByTime(500);
  soon();
  expect(read).not.toHaveBeenCalled();
  vi.advanceTimersByTime(700);
  expect(read).toHaveBeenCalledTimes(1);
  soon();
  soon.stop();
  vi.advanceTimersByTime(7000);
  expect(read).toHaveBeenCalledTimes(1);
});
