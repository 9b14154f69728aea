import { afterEach, describe, expect, it } from 'vitest';
import { daysBetween, outcomeWords, verdict } from './audit';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

describe('the audit trail', () => {
  it('is whole only when the service says so', () => {
    expect(verdict({ valid: true, entries: 12 })).toEqual({ whole: true, text: '12 entries, each link whole' });
    expect(verdict({ valid: false, brokenAt: 7, reason: 'its content does not fit its hash' })).toEqual({
      whole: false,
      text: 'Broken at entry 7: its content does not fit its hash',
    });
    expect(verdict(undefined).whole).toBe(false);
  });

  it('is asked for from one midnight to another where the reader is', () => {
    process.env['TZ'] = 'America/New_York';

    // The clocks go forward on the 8th.
    expect(daysBetween('2026-03-08', '2026-03-08')).toEqual({
      from: '2026-03-08T05:00:00.000Z',
      to: '2026-03-09T04:00:00.000Z',
    });
    expect(daysBetween('', 'yesterday')).toEqual({ from: null, to: null });
  });

  it('says what became of a request', () => {
    expect(outcomeWords('201')).toEqual({ tone: 'ok', text: 'Done' });
    expect(outcomeWords('403').text).toBe('Not allowed');
    expect(outcomeWords('422').text).toBe('Refused (422)');
    expect(outcomeWords('500').tone).toBe('bad');
    expect(outcomeWords(null).text).toBe('–');
  });
});
