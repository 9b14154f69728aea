// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChangeEvent } from '../api/types';
import { changes, changesError, followChanges, loadChanges, loadChangesSoon, watchChanges } from './changes';

const change = (id: string, service: string): ChangeEvent => ({
  id,
  source: 's',
  type: 't',
  service,
  env: 'prod',
  time: new Date().toISOString(),
  summary: id,
});
const ids = () => changes.value.map((c) => c.id).sort();

let urls: URL[];
let answer: (url: URL) => ChangeEvent[];
let broken = false;

beforeEach(() => {
  urls = [];
  answer = () => [];
  broken = false;
  vi.stubGlobal('fetch', async (path: string) => {
    const url = new URL(path, 'http://x');
    urls.push(url);
    if (broken) throw new TypeError('refused');
    return new Response(JSON.stringify({ items: answer(url) }));
  });
  changes.value = [];
  changesError.value = null;
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('asks for the changes of the service that is shown, so that a busy one does not hide them', async () => {
  answer = (url) => (url.searchParams.get('service') === 'quiet' ? [change('q', 'quiet')] : [change('b', 'busy')]);
  const stop = watchChanges('quiet', 'prod');
  await vi.waitFor(() => expect(ids()).toEqual(['b', 'q']));
  expect(urls.map((u) => u.searchParams.get('env'))).toEqual([null, 'prod']);

  stop();
  await loadChanges();
  expect(urls).toHaveLength(3);
  expect(ids()).toEqual(['b', 'q']);
});

it('keeps what it knows when nothing can be read, and says why', async () => {
  answer = () => [change('a', 'checkout')];
  await loadChanges();
  broken = true;
  await loadChanges();
  expect(ids()).toEqual(['a']);
  expect(changesError.value).toContain('cannot be reached');
});

it('takes what came though the changes of one service cannot be read, and says why', async () => {
  const stop = watchChanges('quiet', 'prod');
  await vi.waitFor(() => expect(urls).toHaveLength(2));
  await loadChanges();
  answer = (url) => {
    if (url.searchParams.get('service') === 'quiet') throw new TypeError('refused');
    return [change('b', 'busy')];
  };
  await loadChanges();
  stop();
  expect(ids()).toEqual(['b']);
  expect(changesError.value).toContain('cannot be reached');
});

it('reads now and then in a storm of messages, not one time after the other', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  for (let i = 0; i < 70; i++) {
    loadChangesSoon();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(urls.length).toBeGreaterThanOrEqual(8);
  expect(urls.length).toBeLessThanOrEqual(10);
});

it('shows a deployment to whoever has the page open', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  followChanges();
  await loadChanges();
  answer = () => [change('deployed', 'checkout')];
  vi.advanceTimersByTime(15_000);
  await vi.waitFor(() => expect(ids()).toEqual(['deployed']));
});
