import { expect, it } from 'vitest';
import { isHere } from './places';
import { servicePath } from './service-path';

it('is short and plain where it can be', () => {
  expect(servicePath('prod', 'checkout')).toBe('/services/prod/checkout');
  expect(servicePath('prod', 'a.b_c-d~1')).toBe('/services/prod/a.b_c-d~1');
});

it.each(['a/b', '50%off', 'a#b', 'a?b', '..', 'x y', 'q"uo\\te', 'a&name=b', 'ü'])('leads to %s', (name) => {
  const at = new URL(servicePath('prod', name), 'http://x');
  expect(at.pathname).toBe('/services');
  expect(at.searchParams.get('env')).toBe('prod');
  expect(at.searchParams.get('name')).toBe(name);
  expect(at.hash).toBe('');
  expect(new URL(servicePath(name, 'checkout'), 'http://x').searchParams.get('env')).toBe(name);
  expect(isHere(at.pathname, { href: '/' })).toBe(true);
});
