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
