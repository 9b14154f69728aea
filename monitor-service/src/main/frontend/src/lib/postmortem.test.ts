import { describe, expect, it } from 'vitest';
import type { ActionItem } from '../api/types';
import { afterConflict, isOverdue, itemOrder } from './postmortem';

const item = (text: string, more: Partial<ActionItem>): ActionItem => ({
  id: text,
  incident: 'i',
  number: 1,
  text,
  state: 'OPEN',
  createdAt: '2026-03-01T00:00:00Z',
  createdBy: 'ann',
  ...more,
});

describe('when somebody else was faster', () => {
  it('saves again by itself where they changed another section', () => {
    expect(afterConflict('draft', 'my words', 'draft')).toBe('again');
  });

  it('asks where they changed the same one', () => {
    expect(afterConflict('draft', 'my words', 'their words')).toBe('ask');
    expect(afterConflict(null, 'my words', 'draft')).toBe('ask');
  });

  it('has nothing to do where both wrote the same', () => {
    expect(afterConflict('draft', 'words', 'words')).toBe('same');
  });
});

describe('action items', () => {
  it('are overdue from the day after their day, while they are open', () => {
    expect(isOverdue(item('a', { due: '2026-03-01' }), '2026-03-01')).toBe(false);
    expect(isOverdue(item('a', { due: '2026-03-01' }), '2026-03-02')).toBe(true);
    expect(isOverdue(item('a', { due: '2026-03-01', state: 'DONE' }), '2026-03-02')).toBe(false);
    expect(isOverdue(item('a', {}), '2026-03-02')).toBe(false);
  });

  it('stand in the order they are due, what is closed last', () => {
    const all = [
      item('closed', { state: 'DONE', closedAt: '2026-03-02T00:00:00Z' }),
      item('no day', {}),
      item('late', { due: '2026-04-01' }),
      item('soon', { due: '2026-03-05' }),
    ];
    expect(all.sort(itemOrder).map((i) => i.text)).toEqual(['soon', 'late', 'no day', 'closed']);
  });
});
