import { expect, it } from 'vitest';
import { find } from './find';

const all = [
  { title: 'Checkout', more: 'prod service' },
  { title: 'Incident 12', more: 'Checkout fails' },
  { title: 'Chaos' },
];

it('finds what holds every word, titles first', () => {
  expect(find(all, 'ch').map((f) => f.title)).toEqual(['Checkout', 'Chaos', 'Incident 12']);
  expect(find(all, 'checkout fails').map((f) => f.title)).toEqual(['Incident 12']);
  expect(find(all, 'nothing')).toEqual([]);
});

it('shows everything for an empty query, up to the limit', () => {
  expect(find(all, ' ', 2)).toHaveLength(2);
});
