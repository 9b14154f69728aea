// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { call, csrfToken, inDoubt, itemsOf, localTimes, Problem, sentence, session } from './http';

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: string, type = 'application/json') {
  const fetched = vi.fn(
    async (_url: string, _init: RequestInit) =>
      new Response(body || null, { status, headers: { 'Content-Type': type } }),
  );
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

describe('a call', () => {
  it('carries the CSRF token and the body when it writes', async () => {
    document.cookie = 'XSRF-TOKEN=abc%3D';
    const fetched = answer(200, '{"ok":true}');
    expect(await call('POST', '/x', { a: 1 })).toEqual({ ok: true });
    const init = fetched.mock.calls[0]![1];
    expect(init.headers).toMatchObject({ 'X-XSRF-TOKEN': 'abc=', 'Content-Type': 'application/json' });
    expect(init.body).toBe('{"a":1}');
  });
  it('turns problem details into a problem with its faults', async () => {
    answer(
      409,
      '{"type":"/problems/stale-version","title":"Stale","detail":"Reload","errors":[{"path":"version","message":"is 4"}]}',
    );
    const failed = await call('POST', '/x', {}).catch((e: unknown) => e as Problem);
    expect(failed).toBeInstanceOf(Problem);
    expect((failed as Problem).is('stale-version')).toBe(true);
    expect(sentence(failed)).toBe('Reload · version: is 4');
  });
  it('says something of its own when the answer says nothing', async () => {
    answer(503, '<html>');
    await expect(call('GET', '/x')).rejects.toThrow('is down');
  });
  it('leads to the login when the session is over', async () => {
    const expired = vi.spyOn(session, 'expired').mockImplementation(() => {});
    answer(401, '');
    await expect(call('GET', '/x')).rejects.toThrow('session is over');
    expect(expired).toHaveBeenCalledOnce();
  });
  it('says when nothing answers', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new TypeError('failed');
    });
    await expect(call('GET', '/x')).rejects.toThrow('cannot be reached');
  });
  it('says after a change that nobody answered in time to look before asking again', async () => {
    vi.stubGlobal('fetch', async () => {
      throw new DOMException('late', 'TimeoutError');
    });
    await expect(call('GET', '/x')).rejects.toThrow('Try again');
    const late = await call('POST', '/x', {}).catch((e: unknown) => sentence(e));
    expect(late).toContain('look before you ask again');
    expect(late).not.toContain('ry again');
  });
  it('takes an empty answer to a write', async () => {
    answer(204, '');
    expect(await call('DELETE', '/x')).toBeUndefined();
  });
});

it('leaves in doubt what was done unless it was refused or nobody was asked', () => {
  for (const status of [0, 200, 500, 502, 503, 504]) expect(inDoubt(new Problem(status, {}, ''))).toBe(true);
  for (const status of [400, 403, 409, 413, 422]) expect(inDoubt(new Problem(status, {}, ''))).toBe(false);
  expect(inDoubt(new Problem(503, { service: 'incident-service' }, ''))).toBe(false);
  expect(inDoubt(new TypeError('x'))).toBe(true);
});

it('shows instants in a message as the clock does', () => {
  const at = new Date(Date.now() - 1000);
  at.setMilliseconds(0);
  const shown = localTimes(`down since ${at.toISOString().replace('.000Z', '.123456789Z')}. Try again.`);
  expect(shown).toMatch(/^down since (\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\. Try again\.$/);
  expect(localTimes('no time here')).toBe('no time here');
});

it('finds the token among other cookies', () => {
  expect(csrfToken('a=1; XSRF-TOKEN=t-1; b=2')).toBe('t-1');
  expect(csrfToken('a=1')).toBe('');
});

it('reads lists and pages alike', () => {
  expect(itemsOf([1])).toEqual([1]);
  expect(itemsOf({ items: [1], next: null })).toEqual([1]);
  expect(itemsOf({ a: 1 })).toEqual([]);
});
