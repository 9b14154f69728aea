/** Keyboard shortcuts of the whole page. One-letter keys are silent while something is typed or a dialog is open. */

export interface Shortcut {
  keys: string;
  what: string;
  run: () => unknown;
}

const PREFIX_MILLIS = 1200;

export interface Typed {
  key: string;
  at: number;
}

/** Which shortcut the key just typed completes, given the key before it. */
export function match(shortcuts: readonly Shortcut[], before: Typed | null, typed: Typed): Shortcut | null {
  const chord = before && typed.at - before.at <= PREFIX_MILLIS ? `${before.key} ${typed.key}` : null;
  const hit = chord ? shortcuts.find((s) => s.keys === chord) : undefined;
  return hit ?? shortcuts.find((s) => s.keys === typed.key) ?? null;
}

export function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

/** Listens until the returned function is called; `shortcuts` is asked at every key, so that pages can add theirs. */
export function listenKeys(shortcuts: () => readonly Shortcut[]): () => void {
  let before: Typed | null = null;
  const onKey = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
    if (typing(e.target) || document.querySelector('dialog[open]')) return;
    const typed = { key: e.key, at: e.timeStamp };
    const hit = match(shortcuts(), before, typed);
    before = hit ? null : typed;
    if (!hit) return;
    e.preventDefault();
    hit.run();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

/** The index to move to from `current` (-1: none yet); it stops at both ends. */
export function neighbour(count: number, current: number, by: 1 | -1): number {
  if (count === 0) return -1;
  if (current < 0) return by > 0 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, current + by));
}

/** Moves the focus among the page's rows (`data-row`). */
export function moveRow(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')];
  const here = rows.findIndex((r) => r === document.activeElement || r.contains(document.activeElement));
  const next = rows[neighbour(rows.length, here, by)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** Set by the page that has something to acknowledge. */
export const pageKeys: { acknowledge: (() => void) | null } = { acknowledge: null };
