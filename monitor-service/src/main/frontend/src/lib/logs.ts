import { isRecord } from '../api/http';
import type { LogLine } from '../api/types';

/** Reading structured log lines, whichever names their fields have. Pure. */

export const LEVELS = ['ERROR', 'WARN', 'INFO', 'DEBUG'] as const;

const KNOWN = new Set(['time', 'level', 'service', 'logger', 'message', 'traceId', 'spanId', 'fields', 'exception']);

/** A line of `GET /logs`; members that it does not know count as fields. */
export function readLogLine(body: Record<string, unknown>): LogLine {
  const text = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : null);
  const fields: Record<string, unknown> = {};
  const own = isRecord(body['fields']) ? body['fields'] : {};
  for (const [k, v] of [...Object.entries(body).filter(([k]) => !KNOWN.has(k)), ...Object.entries(own)]) {
    if (v !== null && v !== undefined && v !== '') fields[k] = v;
  }
  return {
    at: text('time') ?? '',
    level: (text('level') ?? 'INFO').toUpperCase(),
    message: text('message') ?? '',
    logger: text('logger'),
    trace: text('traceId'),
    exception: text('exception'),
    fields,
  };
}

/** The id of a trace that somebody asks for; null where the text is anything else. */
export function traceIn(text: string): string | null {
  const id = text.trim().toLowerCase();
  return /^[0-9a-f]{32}$/.test(id) ? id : null;
}

/** The fields beside the message, on one line. */
export function fieldsText(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([k, v]) => `${k}=${typeof v === 'object' ? JSON.stringify(v) : String(v)}`)
    .join(' ');
}

/** Whether every word of the query occurs somewhere in the line. */
export function lineMatches(line: LogLine, query: string): boolean {
  const text =
    `${line.message} ${line.logger ?? ''} ${line.trace ?? ''} ${fieldsText(line.fields)} ${line.exception ?? ''}`.toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((w) => text.includes(w));
}
