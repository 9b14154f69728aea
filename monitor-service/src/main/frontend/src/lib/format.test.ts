import { describe, expect, it } from 'vitest';
import {
  ago,
  clock,
  compact,
  countdown,
  duration,
  durationMillis,
  legible,
  NONE,
  percent,
  seconds,
  signalValue,
  words,
} from './format';

const plain = (s: string) => s.replaceAll('\u00a0', ' ');

describe('numbers', () => {
  it('keeps three significant digits', () => {
    expect(['0', '0.25', '9.99', '12.3', '123'].map(Number).map(compact)).toEqual(['0', '0.25', '9.99', '12.3', '123']);
    expect(compact(1234)).toBe('1.23k');
    expect(compact(999.9)).toBe('1.00k');
    expect(compact(2_500_000)).toBe('2.50M');
  });
  it('never shows a small value as zero', () => {
    expect(compact(0.0001)).toBe('<0.01');
    expect(plain(percent(0.0002))).toBe('<0.1 %');
    expect(plain(percent(0))).toBe('0 %');
  });
  it('shows ratios as percentages', () => {
    expect(plain(percent(0.0345))).toBe('3.5 %');
    expect(plain(percent(0.704))).toBe('70 %');
    expect(plain(percent(1))).toBe('100 %');
  });
  it('chooses the unit of a latency', () => {
    expect([0.0004, 0.0021, 0.1842, 1.2, 12.34, 90].map(seconds).map(plain)).toEqual([
      '400 µs',
      '2.1 ms',
      '184 ms',
      '1.20 s',
      '12.3 s',
      '1 min 30 s',
    ]);
  });
  it('says nothing about what it does not know', () => {
    expect(signalValue('cpu', null)).toBe(NONE);
    expect(signalValue('cpu', undefined)).toBe(NONE);
    expect(signalValue('traffic', Number.NaN)).toBe(NONE);
  });
});

describe('times', () => {
  it('gives durations two units at most', () => {
    expect([0, 42_000, 192_000, 7_440_000, 86_400_000].map(duration).map(plain)).toEqual([
      '0 s',
      '42 s',
      '3 min 12 s',
      '2 h 4 min',
      '1 d',
    ]);
  });
  it('tells how long ago, and takes the near future for now', () => {
    expect(plain(ago(10_000, 9_500))).toBe('now');
    expect(plain(ago(0, 59_999))).toBe('59 s ago');
    expect(plain(ago(0, 3_600_000))).toBe('1 h ago');
  });
  it('adds the day when it is another one', () => {
    const at = new Date(2026, 0, 2, 3, 4, 5).getTime();
    expect(clock(at)).toBe('03:04:05');
    expect(clock(at, at + 86_400_000)).toBe('2026-01-02 03:04:05');
    expect(clock(Number.NaN)).toBe(NONE);
  });
  it('reads the forms of a duration', () => {
    expect(['PT2M', 'PT1H1S', '90s', '2m', 30, 'P1D'].map(durationMillis)).toEqual([
      120_000, 3_601_000, 90_000, 120_000, 30_000, 86_400_000,
    ]);
    expect(durationMillis('soon')).toBeNaN();
  });
  it('counts down to zero and not below', () => {
    expect([61_000, 500, -5].map(countdown)).toEqual(['1:01', '0:01', '0:00']);
  });
});

it('turns constants into words', () => {
  expect(words('SIGNAL_FIRED')).toBe('Signal fired');
});

it('leaves no character in a name that makes it look like another', () => {
  expect(legible('x\u202Eevil\u0007\u2066\u200F\u061C')).toBe('x\uFFFDevil\uFFFD\uFFFD\uFFFD\uFFFD');
  expect(legible('Zahlung-\u{1F4B6} שלום')).toBe('Zahlung-\u{1F4B6} שלום');
});
