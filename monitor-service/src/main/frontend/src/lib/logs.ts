import type { LogLine } from '../api/types';

/** Reading structured log lines, whichever names their fields have. Pure. */

export const LEVELS = ['ERROR', 'WARN', 'INFO', 'DEBUG'] as const;

const TIME = ['ts', 'time', 'timestamp', '@timestamp', 'at'];
const TRACE = ['traceId', 'trace', 'trace_id', 'trace.id'];
const MESSAGE = ['message', 'msg', 'event'];
const LOGGER = ['logger', 'loggerName', 'log.logger'];

export function readLogLine(body: Record<string, unknown>): LogLine {
  const used = new Set<string>(['level']);
  const pick = (names: readonly string[]) => {
    for (const n of names) {
      const v = body[n];
      if (typeof v === 'string' || typeof v === 'number') {
        used.add(n);
        return String(v);
      }
    }
    return null;
  };
  const line: LogLine = {
    at: pick(TIME) ?? '',
    level: typeof body['level'] === 'string' ? body['level'].toUpperCase() : 'INFO',
    message: pick(MESSAGE) ?? '',
    logger: pick(LOGGER),
    trace: pick(TRACE),
    fields: {},
  };
  for (const [k, v] of Object.entries(body)) {
    if (!used.has(k) && v !== null && v !== undefined && v !== '') line.fields[k] = v;
  }
  return line;
}

/** The fields beside the message, on one line. */
export function fieldsText(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([k, v]) => `${k}=${typeof v === 'object' ? JSON.stringify(v) : String(v)}`)
    .join(' ');
}

/** Whether every word of the query occurs somewhere in the line. */
export function lineMatches(line: LogLine, query: string): boolean {
  const text = `${line.message} ${line.logger ?? ''} ${line.trace ?? ''} ${fieldsText(line.fields)}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((w) => text.includes(w));
}
