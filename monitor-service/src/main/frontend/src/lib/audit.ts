import { isRecord } from '../api/http';

/** The audit trail in words. Pure. */

export interface Verdict {
  whole: boolean;
  text: string;
}

/** What the check of the chain says. */
export function verdict(body: unknown): Verdict {
  const b = isRecord(body) ? body : {};
  const entries = b['entries'];
  if (b['valid'] === true)
    return {
      whole: true,
      text: typeof entries === 'number' ? `${entries} entries, each link whole` : 'Each link whole',
    };
  const at = typeof b['brokenAt'] === 'number' ? ` at entry ${b['brokenAt']}` : '';
  const why = typeof b['reason'] === 'string' ? `: ${b['reason']}` : '';
  return { whole: false, text: `Broken${at}${why}` };
}

/** What became of a request, by its HTTP status. */
export function outcomeWords(outcome: string | null | undefined): {
  tone: 'ok' | 'warn' | 'bad' | 'idle';
  text: string;
} {
  const status = Number(outcome);
  if (!outcome || !Number.isInteger(status)) return { tone: 'idle', text: outcome || '–' };
  if (status < 400) return { tone: 'ok', text: 'Done' };
  if (status === 403) return { tone: 'warn', text: 'Not allowed' };
  if (status === 404) return { tone: 'idle', text: 'Not found' };
  if (status === 409) return { tone: 'idle', text: 'Not possible then' };
  return status < 500 ? { tone: 'idle', text: `Refused (${status})` } : { tone: 'bad', text: `Failed (${status})` };
}
