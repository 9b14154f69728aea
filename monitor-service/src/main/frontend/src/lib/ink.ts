import { signal } from '@preact/signals';

/** The colours of the design tokens as canvas needs them; canvas does not see custom properties. */

export type Theme = 'system' | 'light' | 'dark';

const STORED = 'watchtower.theme';

function stored(): Theme {
  try {
    const value = localStorage.getItem(STORED);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

export const theme = signal<Theme>(stored());
/** Rises when the colours change: whoever draws on a canvas reads it. */
export const paint = signal(0);

export function chooseTheme(next: Theme): void {
  theme.value = next;
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
  try {
    if (next === 'system') localStorage.removeItem(STORED);
    else localStorage.setItem(STORED, next);
  } catch {
    // Not kept for the next visit; it holds for this one.
  }
  repaint();
}

const cache = new Map<string, string>();
let probe: HTMLElement | null = null;

function repaint(): void {
  cache.clear();
  paint.value++;
}

if (typeof matchMedia === 'function') {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
}

/** The present value of a colour token, for example `--bad`. */
export function ink(token: string): string {
  const known = cache.get(token);
  if (known) return known;
  if (!probe) {
    probe = document.createElement('span');
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = `var(${token})`;
  const value = getComputedStyle(probe).color;
  cache.set(token, value);
  return value;
}
