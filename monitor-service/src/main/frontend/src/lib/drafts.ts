/** What a person typed and has not sent: kept in the browser until it is sent, so that nothing typed is ever lost. */

const PREFIX = 'watchtower.draft.';
/** Older drafts are forgotten. */
const KEEP_MILLIS = 14 * 86_400_000;
const MOST = 60;

interface Kept {
  text: string;
  at: number;
  /** What the text began from, such as the revision that was seen. */
  base?: number;
}

/** The part of `Storage` that is needed. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

function store(): Store | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** Keeps a text; an empty one is forgotten. A store that is full or forbidden loses nothing but this safety net. */
export function keep(name: string, text: string, base?: number, at = Date.now(), to: Store | null = store()): void {
  if (!to) return;
  try {
    if (!text.trim()) {
      to.removeItem(PREFIX + name);
      return;
    }
    to.setItem(PREFIX + name, JSON.stringify({ text, at, ...(base === undefined ? {} : { base }) }));
    trim(to, at);
  } catch {
    // The text still stands in the field.
  }
}

/** The kept text, if there is one that is not too old. */
export function kept(name: string, at = Date.now(), from: Store | null = store()): Kept | null {
  try {
    const found = JSON.parse(from?.getItem(PREFIX + name) ?? 'null') as Kept | null;
    return found && typeof found.text === 'string' && at - found.at < KEEP_MILLIS ? found : null;
  } catch {
    return null;
  }
}

export function drop(name: string, from: Store | null = store()): void {
  try {
    from?.removeItem(PREFIX + name);
  } catch {
    // Nothing to forget then.
  }
}

function trim(of: Store, now: number): void {
  const all: { key: string; at: number }[] = [];
  for (let i = 0; i < of.length; i++) {
    const key = of.key(i);
    if (!key?.startsWith(PREFIX)) continue;
    const found = kept(key.slice(PREFIX.length), now, of);
    all.push({ key, at: found?.at ?? 0 });
  }
  all.sort((a, b) => b.at - a.at);
  for (const [i, d] of all.entries()) if (d.at === 0 || i >= MOST) of.removeItem(d.key);
}
