/** Finding by a few letters: every word of the query must occur; a title that starts with it comes first. */
export interface Findable {
  title: string;
  more?: string;
}

export function find<T extends Findable>(all: readonly T[], query: string, limit = 12): T[] {
  const terms = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored: { item: T; score: number }[] = [];
  for (const item of all) {
    const title = item.title.toLowerCase();
    const text = `${title} ${(item.more ?? '').toLowerCase()}`;
    if (!terms.every((t) => text.includes(t))) continue;
    const first = terms[0] ?? '';
    scored.push({ item, score: title.startsWith(first) ? 0 : title.includes(first) ? 1 : 2 });
  }
  return scored
    .sort((a, b) => a.score - b.score)
    .slice(0, limit)
    .map((s) => s.item);
}
