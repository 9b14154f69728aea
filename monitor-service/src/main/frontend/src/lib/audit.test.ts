import { describe, expect, it } from 'vitest';
import { outcomeWords, verdict } from './audit';

describe('the audit trail', () => {
  it('is whole only when the service says so', () => {
    expect(verdict({ valid: true, entries: 12 })).toEqual({ whole: true, text: '12 entries, each link whole' });
    expect(verdict({ valid: false, brokenAt: 7, reason: 'its content does not fit its hash' })).toEqual({
      whole: false,
      text: 'Broken at entry 7: its content does not fit its hash',
    });
    expect(verdict(undefined).whole).toBe(false);
  });

  it('says what became of a request', () => {
    expect(outcomeWords('201')).toEqual({ tone: 'ok', text: 'Done' });
    expect(outcomeWords('403').text).toBe('Not allowed');
    expect(outcomeWords('422').text).toBe('Refused (422)');
    expect(outcomeWords('500').tone).toBe('bad');
    expect(outcomeWords(null).text).toBe('–');
  });
});
