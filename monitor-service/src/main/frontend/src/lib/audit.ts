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

/** The local midnight at which a day begins (`days` later, if said); null where the text is no day. */
function midnight(day: string, days = 0): string | null {
  const [y, m, d] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)?.slice(1).map(Number) ?? [];
  if (y === undefined || m === undefined || d === undefined) return null;
  const at = new Date(y, m - 1, d + days);
  return Number.isFinite(at.getTime()) ? at.toISOString() : null;
}

/** The time from the beginning of one day to the end of another, as the list's local times show them. */
export function daysBetween(from: string, to: string): { from: string | null; to: string | null } {
  return { from: midnight(from), to: midnight(to, 1) };
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
