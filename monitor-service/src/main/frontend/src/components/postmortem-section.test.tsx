// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../api/http';
import type { Postmortem } from '../api/types';
import { kept } from '../lib/drafts';
import { SECTIONS } from '../lib/postmortem';
import { PostmortemSection } from './postmortem-section';

const revision = (n: number, summary: string, causes = 'draft of the causes'): Postmortem => ({
  incident: 'i1',
  number: 42,
  title: 'Checkout fails',
  service: 'checkout',
  env: 'prod',
  severity: 'SEV2',
  openedAt: '2026-03-02T10:00:00Z',
  revision: n,
  author: { type: 'PERSON', name: 'bob' },
  at: '2026-03-02T12:00:00Z',
  sections: { summary: { text: summary }, causes: { text: causes } },
  actionItems: [],
});

const stale = () => new Problem(409, { type: '/problems/stale-version' }, 'Somebody else was faster');
const first = SECTIONS[0] as (typeof SECTIONS)[number];

let root: HTMLElement;
let sent: { revision: number; sections: Record<string, string> }[];
let saved: Postmortem | null;

async function show(p: Postmortem, answers: (Postmortem | Problem)[], newest: Postmortem | null) {
  await act(() =>
    render(
      <PostmortemSection
        postmortem={p}
        section={first}
        may
        save={async (edit) => {
          sent.push(edit);
          const answer = answers.shift();
          if (!answer || answer instanceof Problem) throw answer ?? new Problem(0, {}, 'cannot be reached');
          return answer;
        }}
        newest={async () => newest}
        onSaved={(s) => {
          saved = s;
        }}
      />,
      root,
    ),
  );
}

const button = (text: string) =>
  [...root.querySelectorAll('button')].find((b) => b.textContent?.includes(text)) as HTMLButtonElement;
const field = () => root.querySelector('textarea') as HTMLTextAreaElement;

async function type(text: string) {
  await act(() => {
    field().value = text;
    field().dispatchEvent(new Event('input', { bubbles: true }));
  });
}

async function submit() {
  await act(async () => {
    root.querySelector('form')?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await new Promise((done) => setTimeout(done));
  });
}

beforeEach(async () => {
  await act(() => root && render(null, root));
  localStorage.clear();
  document.body.replaceChildren();
  root = document.body.appendChild(document.createElement('div'));
  sent = [];
  saved = null;
});

describe('a section of a postmortem', () => {
  it('is saved against the revision that was seen, and what was kept is forgotten then', async () => {
    await show(revision(2, 'draft'), [revision(3, 'my words')], null);
    await act(() => button('Edit').click());
    await type('my words');
    expect(kept('postmortem.i1.summary')?.text).toBe('my words');
    await submit();
    expect(sent).toEqual([{ revision: 2, sections: { summary: 'my words' } }]);
    expect(saved?.revision).toBe(3);
    expect(kept('postmortem.i1.summary')).toBeNull();
    expect(field()).toBeNull();
  });

  it('is saved again by itself when somebody changed another section', async () => {
    await show(revision(2, 'draft'), [stale(), revision(4, 'my words')], revision(3, 'draft', 'their causes'));
    await act(() => button('Edit').click());
    await type('my words');
    await submit();
    expect(sent.map((e) => e.revision)).toEqual([2, 3]);
    expect(saved?.revision).toBe(4);
  });

  it('shows theirs beside mine when somebody changed this one, and overwrites nothing unseen', async () => {
    await show(revision(2, 'draft'), [stale(), revision(4, 'my words')], revision(3, 'their words'));
    await act(() => button('Edit').click());
    await type('my words');
    await submit();
    expect(saved).toBeNull();
    expect(root.textContent).toContain('bob changed this section meanwhile');
    expect(root.textContent).toContain('their words');
    expect(field().value).toBe('my words');
    await submit();
    expect(sent.map((e) => e.revision)).toEqual([2, 3]);
    expect(saved?.revision).toBe(4);
  });

  it('keeps what was typed over a failure and a reload', async () => {
    await show(revision(2, 'draft'), [], null);
    await act(() => button('Edit').click());
    await type('half a sentence');
    await submit();
    expect(root.textContent).toContain('Your words are still here');
    await act(() => render(null, root));
    await show(revision(2, 'draft'), [revision(3, 'half a sentence')], null);
    expect(field().value).toBe('half a sentence');
    expect(root.textContent).toContain('your words from before');
  });

  it('does not take words from before an unseen change for newer than it', async () => {
    await show(revision(2, 'draft'), [], null);
    await act(() => button('Edit').click());
    await type('my words');
    await act(() => render(null, root));
    await show(revision(3, 'their words'), [stale()], revision(3, 'their words'));
    await submit();
    expect(sent.map((e) => e.revision)).toEqual([2]);
    expect(root.textContent).toContain('changed this section meanwhile');
  });
});
