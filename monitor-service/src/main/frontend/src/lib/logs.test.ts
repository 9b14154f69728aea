import { expect, it } from 'vitest';
import { fieldsText, lineMatches, readLogLine, traceIn } from './logs';

const line = readLogLine({
  time: '2026-01-01T00:00:00Z',
  level: 'warn',
  service: 'ingest-service',
  message: 'Slow append',
  traceId: 'abc',
  fields: { status: 204, user: null, nested: { a: 1 } },
  exception: 'java.io.IOException: gone',
});

it('reads a structured line and keeps its other fields', () => {
  expect(line).toMatchObject({ at: '2026-01-01T00:00:00Z', level: 'WARN', message: 'Slow append', trace: 'abc' });
  expect(fieldsText(line.fields)).toBe('status=204 nested={"a":1}');
  expect(readLogLine({ message: 'a', extra: 1 }).fields).toEqual({ extra: 1 });
});

it('reads a line with nothing in it', () => {
  expect(readLogLine({})).toEqual({
    at: '',
    level: 'INFO',
    message: '',
    logger: null,
    trace: null,
    exception: null,
    fields: {},
  });
});

it('finds words anywhere in the line', () => {
  expect(lineMatches(line, 'slow status=204')).toBe(true);
  expect(lineMatches(line, 'slow 500')).toBe(false);
  expect(lineMatches(line, 'IOException')).toBe(true);
  expect(lineMatches(line, '')).toBe(true);
});

it('knows the id of a trace from other words', () => {
  expect(traceIn(' 4BF92F3577B34DA6A3CE929D0E0E4736 ')).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  expect(traceIn('4bf92f35')).toBeNull();
  expect(traceIn('4bf92f3577b34da6a3ce929d0e0e4736 slow')).toBeNull();
});
