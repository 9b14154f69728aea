import { expect, it } from 'vitest';
import type { Target } from '../state/store';
import { discovered, fitsCatalog, isBare, listed, stillSending, withoutSignals } from './discovered';

const NOW = 1_000_000_000_000;
const batch = (service: string, env = 'prod') => ({ env, service, ts: NOW, signals: {} });
const ofCatalog = (name: string): Target => ({
  key: `prod/${name}`,
  service: { name, title: name, tier: 1, environments: ['prod'], dependencies: [] },
  env: 'prod',
});

it('finds what the catalog does not name, in this environment', () => {
  const found = discovered([batch('z/y'), batch('shop', 'test'), batch('shop'), batch('a')], [ofCatalog('shop')]);
  expect(found.map((t) => t.key)).toEqual(['prod/a', 'test/shop', 'prod/z/y']);
  expect(found.every((t) => t.discovered)).toBe(true);
});

it('lists the catalog first, then two hundred that are not silent, and says how many more there are', () => {
  const catalog = [ofCatalog('zebra')];
  const many = Array.from({ length: 230 }, (_, i) => batch(`s${String(i).padStart(3, '0')}`));
  const found = discovered(many, catalog);
  const silent = (key: string) => (key === 'prod/s000' ? NOW - 86_400_000 : key === 'prod/s001' ? undefined : NOW - 5);

  const { shown, left } = listed([...catalog, ...found], silent, NOW);
  expect(shown.map((t) => t.key).slice(0, 2)).toEqual(['prod/zebra', 'prod/s002']);
  expect([shown.length, left]).toEqual([201, 28]);
});

it('leaves subscriptions for everything else', () => {
  const catalog = Array.from({ length: 390 }, (_, i) => ofCatalog(`c${i}`));
  const found = discovered(
    Array.from({ length: 20 }, (_, i) => batch(`s${i}`)),
    catalog,
  );
  expect(listed([...catalog, ...found], () => NOW, NOW)).toMatchObject({ shown: { length: 400 }, left: 10 });
});

it('lists those without golden signals after the others', () => {
  const shown = { ...batch('z'), signals: { cpu: 0 } };
  expect(discovered([batch('a'), shown], []).map((t) => t.service.name)).toEqual(['z', 'a']);
  expect([withoutSignals({}), withoutSignals({ cpu: null }), withoutSignals({ cpu: 0 })]).toEqual([true, true, false]);
  expect(withoutSignals(undefined)).toBe(false);
});

it('shows a name that turns the direction of writing as what it is, and finds its page by the name that was sent', () => {
  const [target] = discovered([batch('x\u202Eevil')], []);
  expect(target?.service).toMatchObject({ name: 'x\u202Eevil', title: 'x\uFFFDevil' });
  expect(target?.key).toBe('prod/x\u202Eevil');
});

it('knows which names the catalog takes', () => {
  expect(['a', 'Shop-2.x_y'].every(fitsCatalog)).toBe(true);
  expect(['a/b', 'x y', '-a', '', 'a'.repeat(101)].some(fitsCatalog)).toBe(false);
});

it('remembers two thousand that sent in the last day, those first that sent last', () => {
  const at = (service: string, ago: number) => ({ ...batch(service), ts: NOW - ago });
  const known = [at('live', 86_400_000), at('silent', 86_400_000), at('again', 9000)];
  const brought = [at('again', 2000), at('new', 3000)];
  const live = (key: string) => (key === 'prod/live' ? NOW - 1000 : undefined);
  const names = (some: { service: string }[]) => some.map((b) => b.service);
  expect(names(stillSending(known, brought, live, NOW))).toEqual(['live', 'again', 'new']);

  const many = Array.from({ length: 2001 }, (_, i) => at(`s${i}`, 2001 - i));
  const kept = names(stillSending(many.slice(0, 1500), many.slice(1000), () => undefined, NOW));
  expect([kept.length, kept[0], kept.includes('s0')]).toEqual([2000, 's2000', false]);
});

it('takes what had golden signals and is silent for no sender of other things', () => {
  expect(isBare({}, true)).toBe(true);
  expect(isBare({ cpu: null }, false)).toBe(true);
  expect(isBare({ cpu: null }, true)).toBe(false);
  expect(isBare(undefined, true)).toBe(false);
});
