import { call, isRecord, itemsOf } from '../api/http';

/** How many more 'Show older' shows. */
export const STEP = 50;

/** The most that one answer holds. */
const MOST = 200;

export interface Page<T> {
  items: T[];
  /** Where the next page begins; null on the last one. */
  next: string | null;
}

/** A page from what the service sends. */
export function pageOf<T>(body: unknown): Page<T> {
  return {
    items: itemsOf<T>(body),
    next: isRecord(body) && typeof body['next'] === 'string' ? body['next'] : null,
  };
}

/**
 * The newest `count` of a list, or a few more: read from its beginning each time, so that what came or changed since
 * leaves neither a gap nor an old copy.
 */
export async function readNewest<T>(path: string, count: number): Promise<Page<T>> {
  const items: T[] = [];
  let next: string | null = null;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(MOST, count - items.length)) });
    if (next) query.set('page', next);
    const page: Page<T> = pageOf(await call('GET', `${path}${path.includes('?') ? '&' : '?'}${query}`));
    items.push(...page.items);
    next = page.next;
  } while (next && items.length < count);
  return { items, next };
}
