import type { ActionItem, Postmortem, SectionName } from '../api/types';

/** Postmortems and their action items. Pure. */

export const SECTIONS: { name: SectionName; title: string; hint: string }[] = [
  { name: 'summary', title: 'Summary', hint: 'Two or three sentences for somebody who was not there.' },
  { name: 'impact', title: 'Impact', hint: 'Who noticed what, for how long, and what it cost.' },
  { name: 'timeline', title: 'Timeline', hint: 'What happened when; the incident keeps the full record.' },
  { name: 'causes', title: 'Contributing causes', hint: 'What had to come together. No names of people.' },
  { name: 'wentWell', title: 'What went well', hint: 'What to keep.' },
  { name: 'wentBadly', title: 'What went badly', hint: 'What cost time.' },
];

export function sectionText(postmortem: Postmortem, name: SectionName): string {
  return postmortem.sections[name]?.text ?? '';
}

/**
 * What to do with a person's words after somebody else was faster: `again` where the section itself is as the person
 * began from (others changed other sections), `ask` where it is not, or where that is not known any more (`base` null),
 * `same` where both wrote the same.
 */
export function afterConflict(base: string | null, mine: string, newest: string): 'again' | 'ask' | 'same' {
  if (newest === mine) return 'same';
  return newest === base ? 'again' : 'ask';
}

/** Whether an item is past its day. `today` as in `2026-03-02`. */
export function isOverdue(item: ActionItem, today: string): boolean {
  return item.state === 'OPEN' && Boolean(item.due) && (item.due ?? '') < today;
}

/** The day in the viewer's zone. */
export function dayOf(at: number): string {
  const d = new Date(at);
  const pad = (n: number) => String(n).padStart(2, '0');
  return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`;
}

/** Open ones first, the earliest due first, those without a day after them; then what was closed last. */
export function itemOrder(a: ActionItem, b: ActionItem): number {
  const open = (i: ActionItem) => (i.state === 'OPEN' ? 0 : 1);
  if (open(a) !== open(b)) return open(a) - open(b);
  if (a.state !== 'OPEN') return (b.closedAt ?? '').localeCompare(a.closedAt ?? '');
  return (a.due ?? '9999').localeCompare(b.due ?? '9999') || a.createdAt.localeCompare(b.createdAt);
}
