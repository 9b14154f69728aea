import { afterEach, expect, it, vi } from 'vitest';
import { readNewest } from './paged';

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A service with lines `total` to 1, in pages. */
function serve(total: number): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    const query = new URL(url, 'http://x').searchParams;
    const from = Number(query.get('page') ?? total);
    const limit = Number(query.get('limit'));
    const items = Array.from({ length: Math.min(limit, from) }, (_, i) => ({ seq: from - i }));
    const next = from > limit ? String(from - limit) : null;
    return new Response(JSON.stringify({ items, next }), { headers: { 'Content-Type': 'application/json' } });
  });
  return asked;
}

it('reads no more than what is shown', async () => {
  const asked = serve(120);

  const page = await readNewest<{ seq: number }>('/list?incident=1', 50);

  expect(page.items).toHaveLength(50);
  expect(page.next).toBe('70');
  expect(asked).toEqual(['/list?incident=1&limit=50']);
});

it('goes on from page to page where one holds too few, without a gap', async () => {
  serve(500);

  const page = await readNewest<{ seq: number }>('/list', 250);

  expect(page.items.map((i) => i.seq)).toEqual(Array.from({ length: 250 }, (_, i) => 500 - i));
  expect(page.next).toBe('250');
});

it('ends with the last page', async () => {
  serve(30);

  expect((await readNewest('/list', 100)).next).toBeNull();
});
