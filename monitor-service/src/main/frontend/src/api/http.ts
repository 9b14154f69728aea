import { clock } from '../lib/format';

/** Fetching JSON from monitor: problem details, time limits, CSRF, and the way back to the login. */

/** A failed call in words: what happened and, where known, what to do next. */
export class Problem extends Error {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>, fallback: string) {
    const text = (key: string) => (typeof body[key] === 'string' ? (body[key] as string) : '');
    super(text('detail') || text('title') || fallback);
    this.status = status;
    this.type = text('type');
    this.title = text('title') || fallback;
    this.detail = text('detail');
    this.body = body;
  }

  is(name: string): boolean {
    return this.type.endsWith(`/${name}`);
  }

  /** The field errors as sentences: "event: must not be null". */
  get faults(): string[] {
    const errors = this.body['errors'];
    if (!Array.isArray(errors)) return [];
    return errors.map((e: { path?: unknown; message?: unknown }) => [e.path, e.message].filter(Boolean).join(': '));
  }
}

/** The CSRF token that `csrf.spa()` puts in a cookie, read at every write. */
export function csrfToken(cookies: string = document.cookie): string {
  const found = /(?:^|;\s*)XSRF-TOKEN=([^;]*)/.exec(cookies);
  return found ? decodeURIComponent(found[1]!) : '';
}

const TIME_LIMIT_MILLIS = 12_000;

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Where to go when the session is over; replaced in tests. */
export const session = {
  expired: () => location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`),
};

export async function call(method: Method, url: string, body?: unknown): Promise<unknown> {
  const response = await send(method, url, 'application/json, application/problem+json', body);
  const json = await parse(response);
  if (!response.ok) {
    throw new Problem(response.status, isRecord(json) ? json : {}, fallback(response.status));
  }
  return json;
}

/** A document as the server writes it, such as Markdown. */
export async function readDocument(url: string, type: string): Promise<string> {
  const response = await send('GET', url, `${type}, application/problem+json`);
  if (!response.ok) {
    const json = await parse(response);
    throw new Problem(response.status, isRecord(json) ? json : {}, fallback(response.status));
  }
  return response.text();
}

async function send(method: Method, url: string, accept: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { Accept: accept };
  if (method !== 'GET') headers['X-XSRF-TOKEN'] = csrfToken();
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      credentials: 'same-origin',
      signal: AbortSignal.timeout(TIME_LIMIT_MILLIS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (e) {
    const late = e instanceof DOMException && e.name === 'TimeoutError';
    throw new Problem(
      0,
      {},
      late
        ? method === 'GET'
          ? 'No answer within 12 s. Try again; if it stays so, look at ./watchtower status.'
          : 'No answer within 12 s. It may be done all the same: look before you ask again.'
        : 'Watchtower cannot be reached. Check your connection and ./watchtower status.',
    );
  }
  if (response.status === 401 || (response.redirected && new URL(response.url).pathname === '/login')) {
    session.expired();
    throw new Problem(401, {}, 'Your session is over. Log in again.');
  }
  return response;
}

async function parse(response: Response): Promise<unknown> {
  if (response.status === 204 || response.status === 202 || response.ok === false) {
    const text = await response.text();
    try {
      return text ? JSON.parse(text) : undefined;
    } catch {
      return undefined;
    }
  }
  try {
    return await response.json();
  } catch {
    throw new Problem(
      response.status,
      {},
      'The answer was not JSON. Reload the page; the server may be a newer version.',
    );
  }
}

function fallback(status: number): string {
  if (status === 403) return 'You are not allowed to do that. Ask an administrator for the role.';
  if (status === 404) return 'Not found.';
  if (status === 503) return 'The service behind this is down. It is tried again by itself.';
  if (status === 504) return 'The service behind this did not answer in time.';
  return `The request failed with status ${status}.`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The items of a bare list or of a page `{items, next}`. */
export function itemsOf<T>(body: unknown): T[] {
  if (Array.isArray(body)) return body as T[];
  if (isRecord(body) && Array.isArray(body['items'])) return body['items'] as T[];
  return [];
}

/**
 * Whether a change may have been done although no sure answer came, or the service broke at it. Of the 503 only the one
 * that names the service is certain: it is monitor's own, and nothing was asked of the service.
 */
export function inDoubt(error: unknown): boolean {
  if (!(error instanceof Problem) || error.status < 400) return true;
  return error.status >= 500 && !(error.status === 503 && typeof error.body['service'] === 'string');
}

/** One sentence for people, whatever was thrown. */
export function sentence(error: unknown): string {
  // A problem with one field says the same in both.
  if (error instanceof Problem)
    return localTimes([error.message, ...error.faults.filter((fault) => !error.message.includes(fault))].join(' · '));
  return error instanceof Error ? error.message : String(error);
}

/** Instants within a text as the viewer's clock shows them: "since 2026-01-31T12:00:00.123Z" → "since 13:00:00". */
export function localTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z/g, (iso) => clock(Date.parse(iso), Date.now()));
}
