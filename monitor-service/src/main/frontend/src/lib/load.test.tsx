// @vitest-environment happy-dom
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { expect, it } from 'vitest';
import { reconnected } from '../live/live';
import { useLoad } from './load';

it('reads again what could not be read when the source is back, and nothing else', async () => {
  const root = document.createElement('div');
  let reads = 0;
  let broken = true;
  function Page() {
    const { data, error } = useLoad(async () => {
      reads++;
      if (broken) throw new Error('down');
      return 'there';
    }, []);
    return <p>{error ?? data ?? '…'}</p>;
  }
  const back = () =>
    act(async () => {
      for (const f of [...reconnected]) f();
    });

  await act(() => render(<Page />, root));
  await act(async () => undefined);
  expect(root.textContent).toBe('down');
  await back();
  expect([root.textContent, reads]).toEqual(['down', 2]);
  broken = false;
  await back();
  expect([root.textContent, reads]).toEqual(['there', 3]);
  await back();
  expect(reads).toBe(3);
  await act(() => render(null, root));
  expect(reconnected.size).toBe(0);
});

it('reads once at a time, and once more for all who asked meanwhile', async () => {
  const root = document.createElement('div');
  const answers: ((text: string) => void)[] = [];
  let shown!: ReturnType<typeof useLoad<string>>;
  function Page({ of }: { of: string }) {
    shown = useLoad(() => new Promise<string>((done) => answers.push((text) => done(`${of} ${text}`))), [of]);
    return <p>{shown.data ?? '…'}</p>;
  }
  const answer = (i: number, text: string) => act(async () => answers[i]!(text));

  await act(() => render(<Page of="a" />, root));
  for (let i = 0; i < 20; i++) shown.reload();
  expect(answers.length).toBe(1);
  await answer(0, 'old');
  expect([root.textContent, answers.length]).toEqual(['a old', 2]);
  await answer(1, 'new');
  expect([root.textContent, answers.length]).toEqual(['a new', 2]);

  // What is shown instead is read at once, and the late answer to what was shown before is dropped.
  shown.reload();
  await act(() => render(<Page of="b" />, root));
  expect(answers.length).toBe(4);
  await answer(3, 'new');
  await answer(2, 'late');
  expect([root.textContent, answers.length]).toEqual(['b new', 4]);

  // What somebody saved counts more than the reading under way, but what was asked for since is read.
  shown.reload();
  shown.reload();
  await act(async () => shown.set('b saved'));
  expect([root.textContent, answers.length]).toEqual(['b saved', 6]);
  await answer(5, 'newest');
  expect([root.textContent, answers.length]).toEqual(['b newest', 6]);
  shown.reload();
  await act(() => render(null, root));
  expect(answers.length).toBe(7);
});
