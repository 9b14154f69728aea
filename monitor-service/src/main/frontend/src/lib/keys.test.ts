// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { listenKeys, match, neighbour, type Shortcut } from './keys';

const shortcut = (keys: string, run = () => {}): Shortcut => ({ keys, what: keys, run });
const all = [shortcut('g o'), shortcut('g i'), shortcut('o'), shortcut('/')];

describe('shortcuts', () => {
  it('are single keys or two in a row', () => {
    expect(match(all, null, { key: '/', at: 0 })?.keys).toBe('/');
    expect(match(all, { key: 'g', at: 0 }, { key: 'i', at: 300 })?.keys).toBe('g i');
    expect(match(all, { key: 'g', at: 0 }, { key: 'o', at: 300 })?.keys).toBe('g o');
  });
  it('forget the first key after a while', () => {
    expect(match(all, { key: 'g', at: 0 }, { key: 'i', at: 2000 })).toBeNull();
    expect(match(all, { key: 'g', at: 0 }, { key: 'o', at: 2000 })?.keys).toBe('o');
  });
  it('are silent while something is typed', () => {
    const run = vi.fn();
    const stop = listenKeys(() => [shortcut('/', run)]);
    const input = document.createElement('input');
    document.body.append(input);
    input.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }));
    expect(run).not.toHaveBeenCalled();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }));
    expect(run).toHaveBeenCalledOnce();
    stop();
  });
});

it('moves among rows and stops at the ends', () => {
  expect([neighbour(0, -1, 1), neighbour(3, -1, 1), neighbour(3, -1, -1)]).toEqual([-1, 0, 2]);
  expect([neighbour(3, 2, 1), neighbour(3, 0, -1), neighbour(3, 1, 1)]).toEqual([2, 0, 2]);
});
