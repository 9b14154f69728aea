// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { checklist, did, hideChecklist, readKept } from './checklist';

it('remembers the steps that were done, each once', () => {
  did('live');
  did('live');
  expect(checklist.value.done).toEqual(['live']);
  hideChecklist();
  expect(readKept(localStorage.getItem('watchtower.checklist'))).toEqual({ done: ['live'], hidden: true });
});

it('starts over with what it cannot read', () => {
  expect(readKept('{')).toEqual({ done: [], hidden: false });
  expect(readKept(null)).toEqual({ done: [], hidden: false });
  expect(readKept('{"done":["live","other"]}').done).toEqual(['live']);
});
