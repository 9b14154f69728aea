import type { SignalsBatch, SignalValues } from '../api/types';
import type { Target } from '../state/store';
import { legible, SIGNAL_NAMES } from './format';

/** So many services that the catalog does not name are listed at most. */
const MOST = 200;
/** One connection takes 500 subscriptions; each listed service is one, and a page needs some of its own. */
const MOST_LISTED = 400;
const DAY_MILLIS = 86_400_000;

/** So many of those that send samples are remembered at most; one overview brings 1,000. */
const MOST_KNOWN = 2_000;

/** What was known to send and what an overview brings, without what was silent for a day; who sent last comes first. */
export function stillSending(
  known: readonly SignalsBatch[],
  brought: readonly SignalsBatch[],
  lastAt: (key: string) => number | undefined,
  at: number,
): SignalsBatch[] {
  const byKey = new Map([...known, ...brought].map((b) => [`${b.env}/${b.service}`, b]));
  return [...byKey]
    .map(([key, batch]) => ({ batch, last: Math.max(batch.ts, lastAt(key) ?? 0) }))
    .filter(({ last }) => at - last < DAY_MILLIS)
    .sort((a, b) => b.last - a.last)
    .slice(0, MOST_KNOWN)
    .map(({ batch }) => batch);
}

/** A service of which nothing but its name is known. */
export function named(env: string, name: string): Target {
  return {
    key: `${env}/${name}`,
    service: { name, title: legible(name), tier: 0, environments: [env], dependencies: [] },
    env,
    discovered: true,
  };
}

/** Whether what a service sends makes no golden signal: there is nothing of it to show but that it sends. */
export function withoutSignals(values: SignalValues | undefined): boolean {
  return values !== undefined && SIGNAL_NAMES.every((n) => typeof values[n] !== 'number');
}

/**
 * Whether it sends, but nothing that makes golden signals. What had some and was silent since a restart of
 * ingest-service has their names, without values: of that there is no data.
 */
export function isBare(values: SignalValues | undefined, stale: boolean): boolean {
  return withoutSignals(values) && !(stale && Object.keys(values ?? {}).length > 0);
}

/** The services that send samples though the catalog does not name them, by name; those without signals last. */
export function discovered(signals: readonly SignalsBatch[], catalog: readonly Target[]): Target[] {
  const known = new Set(catalog.map((t) => t.key));
  return signals
    .map((b) => ({ bare: withoutSignals(b.signals), target: named(b.env, b.service) }))
    .filter(({ target }) => !known.has(target.key))
    .sort(
      (a, b) =>
        Number(a.bare) - Number(b.bare) ||
        a.target.service.name.localeCompare(b.target.service.name, undefined, { numeric: true }) ||
        a.target.env.localeCompare(b.target.env),
    )
    .map(({ target }) => target);
}

/** Those that are listed, the catalog's first, and how many more there are. What was silent for a day is not counted. */
export function listed(
  targets: readonly Target[],
  lastAt: (key: string) => number | undefined,
  at: number,
): { shown: Target[]; left: number } {
  const ofCatalog = targets.filter((t) => !t.discovered);
  const others = targets.filter((t) => t.discovered && at - (lastAt(t.key) ?? 0) < DAY_MILLIS);
  const most = Math.max(0, Math.min(MOST, MOST_LISTED - ofCatalog.length));
  return { shown: [...ofCatalog, ...others.slice(0, most)], left: Math.max(0, others.length - most) };
}

/** Whether the catalog takes the name. */
export function fitsCatalog(name: string): boolean {
  return /^[A-Za-z0-9][\w.-]{0,99}$/.test(name);
}

/** As long as the name of a live topic may be. */
const MAX_TOPIC = 300;

/**
 * The topic of a service's samples; null where the server has none for such names. It closes the connection over a
 * topic that it refuses, and takes one that ends in `*` for all that begin so.
 */
export function metricsTopic(env: string, name: string): string | null {
  const topic = `/topic/metrics.${env}.${name}`;
  return topic.length > MAX_TOPIC || /[\p{Cc}\u2028\u2029]|\*$/u.test(topic) ? null : topic;
}
