// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';

// uPlot asks for it when it is imported; happy-dom has none.
vi.stubGlobal('matchMedia', () => ({ addEventListener() {}, removeEventListener() {} }));
const { tick, trimZeros, verticalRange } = await import('./chart');

const line = (...values: (number | null)[]) => [{ label: 'a', token: '--a', values }];

describe('the vertical scale', () => {
  it('starts at zero and leaves headroom', () => {
    expect(verticalRange({ lines: line(1, null, 10), atLeast: 0, limits: [] })).toEqual([0, 11]);
  });
  it('takes a limit in once a value comes near it', () => {
    const limits = [{ value: 0.5, label: 'x' }];
    expect(verticalRange({ lines: line(0.3), atLeast: 0.05, limits })[1]).toBeCloseTo(0.55);
    expect(verticalRange({ lines: line(0.06), atLeast: 0.05, limits })[1]).toBeCloseTo(0.066);
  });
});

it('leaves out zeros that say nothing', () => {
  expect(['10.0/s', '0.50 s', '1.25k/s', '100 %', '0/s'].map(trimZeros)).toEqual([
    '10/s',
    '0.5 s',
    '1.25k/s',
    '100 %',
    '0/s',
  ]);
});

it('shows seconds only on a short axis', () => {
  const at = new Date(2026, 4, 6, 7, 8, 9).getTime() / 1000;
  expect(tick(at, 300)).toBe('07:08:09');
  expect(tick(at, 3600)).toBe('07:08');
  expect(tick(at, 200_000)).toBe('05-06 07:08');
});
