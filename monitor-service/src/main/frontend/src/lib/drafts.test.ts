import { describe, expect, it } from 'vitest';
import { drop, keep, kept, type Store } from './drafts';

function memory(): Store {
  const map = new Map<string, string>();
  return {
    getItem: (k) => map.get(k) ?? null,
    setItem: (k, v) => void map.set(k, v),
    removeItem: (k) => void map.delete(k),
    key: (i) => [...map.keys()][i] ?? null,
    get length() {
      return map.size;
    },
  };
}

describe('what was typed', () => {
  it('is there again, with what it began from, until it is dropped', () => {
    const s = memory();
    keep('note.1', 'half a sentence', 3, 1000, s);
    expect(kept('note.1', 2000, s)).toMatchObject({ text: 'half a sentence', base: 3 });
    drop('note.1', s);
    expect(kept('note.1', 2000, s)).toBeNull();
  });

  it('is forgotten when it is emptied or old', () => {
    const s = memory();
    keep('a', 'x', undefined, 0, s);
    keep('a', '  ', undefined, 1, s);
    expect(kept('a', 2, s)).toBeNull();
    keep('b', 'x', undefined, 0, s);
    expect(kept('b', 15 * 86_400_000, s)).toBeNull();
  });

  it('stays bounded, the newest kept', () => {
    const s = memory();
    for (let i = 0; i < 80; i++) keep(`n${i}`, 'x', undefined, 1000 + i, s);
    expect(s.length).toBe(60);
    expect(kept('n79', 2000, s)).not.toBeNull();
    expect(kept('n0', 2000, s)).toBeNull();
  });

  it('does no harm where the store refuses', () => {
    const refuses: Store = {
      ...memory(),
      setItem: () => {
        throw new Error('full');
      },
    };
    expect(() => keep('a', 'x', undefined, 0, refuses)).not.toThrow();
    expect(kept('a', 0, null)).toBeNull();
  });
});
