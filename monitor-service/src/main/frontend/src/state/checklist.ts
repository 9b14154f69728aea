import { computed, signal } from '@preact/signals';
import { incidents, runs, seriesOf, targets, versionOf } from './store';

/** The first visit's way through the loop. A step is done when it was seen to happen; that is kept in the browser. */

export type StepName = 'live' | 'experiment' | 'incident' | 'cause' | 'resolve';

export interface Step {
  name: StepName;
  title: string;
  text: string;
  href: string;
}

export const STEPS: readonly Step[] = [
  { name: 'live', title: 'See live data', text: 'The sample shop is already moving.', href: '/' },
  { name: 'experiment', title: 'Run an experiment', text: 'Break checkout on purpose.', href: '/chaos' },
  { name: 'incident', title: 'Watch the incident open', text: 'It takes a few seconds.', href: '/incidents' },
  { name: 'cause', title: 'Read the cause', text: 'Open it: hypotheses and evidence.', href: '/incidents' },
  { name: 'resolve', title: 'Resolve', text: 'Acknowledge, mitigate, resolve.', href: '/incidents' },
];

const STORED = 'watchtower.checklist';

interface Kept {
  done: StepName[];
  hidden: boolean;
}

export function readKept(text: string | null): Kept {
  try {
    const value = JSON.parse(text ?? '') as Partial<Kept>;
    const known = STEPS.map((s) => s.name);
    const done = Array.isArray(value.done) ? value.done.filter((d) => known.includes(d)) : [];
    return { done, hidden: value.hidden === true };
  } catch {
    return { done: [], hidden: false };
  }
}

function storage(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

const kept = signal<Kept>(readKept(storage()));

function keep(next: Kept): void {
  kept.value = next;
  try {
    localStorage.setItem(STORED, JSON.stringify(next));
  } catch {
    // Shown again at the next visit.
  }
}

export function did(name: StepName): void {
  if (!kept.value.done.includes(name)) keep({ ...kept.value, done: [...kept.value.done, name] });
}

export function hideChecklist(): void {
  keep({ ...kept.value, hidden: true });
}

export const checklist = computed(() => kept.value);

/** Looks at what happened; called by the overview as data comes. */
export function observe(): void {
  const moving = targets.value.some((t) => versionOf(t.key).value > 0 && seriesOf(t.key).size > 3);
  if (moving) did('live');
  if (runs.value.length > 0) did('experiment');
  if (runs.value.length > 0 && incidents.value.length > 0) did('incident');
  if (incidents.value.some((i) => i.state === 'RESOLVED')) did('resolve');
}
