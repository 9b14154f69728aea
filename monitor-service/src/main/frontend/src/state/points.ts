import { type Signal, signal } from '@preact/signals';
import { call } from '../api/http';
import type { History } from '../api/types';
import { SignalSeries } from '../lib/series';
import { serverNow } from './clock';

/** The points of every service that are known: those that came live, and those that were asked for. */

export function targetKey(env: string, service: string): string {
  return `${env}/${service}`;
}

const seriesByKey = new Map<string, SignalSeries>();
const versions = new Map<string, Signal<number>>();

export function seriesOf(key: string): SignalSeries {
  let s = seriesByKey.get(key);
  if (!s) {
    s = new SignalSeries(900);
    seriesByKey.set(key, s);
  }
  return s;
}

/** Rises with every change of a series; reading it subscribes the reader. */
export function versionOf(key: string): Signal<number> {
  let v = versions.get(key);
  if (!v) {
    v = signal(0);
    versions.set(key, v);
  }
  return v;
}

export function touched(key: string): void {
  const v = versionOf(key);
  v.value = v.peek() + 1;
}

/** Keeps all points of what is followed, the newest one of what else is known, and none of others. */
export function forgetOthers(followed: (key: string) => boolean, known: (key: string) => boolean): void {
  for (const [key, series] of seriesByKey) {
    if (followed(key)) continue;
    if (known(key)) {
      series.keepNewest();
      continue;
    }
    // Whoever reads them still reads the new ones from now on.
    touched(key);
    seriesByKey.delete(key);
    versions.delete(key);
  }
}

export const HISTORY_MILLIS = 15 * 60_000;
const waiting = new Map<string, number>();

/** Stored points of a service since `from` (milliseconds), into its series. Failing leaves the gap visible. */
export async function fill(env: string, service: string, from: number): Promise<void> {
  const key = targetKey(env, service);
  const to = serverNow();
  const span = Math.max(60_000, to - from);
  const step = Math.max(1, Math.ceil(span / 1000 / 600));
  const query = new URLSearchParams({
    service,
    env,
    from: new Date(to - span).toISOString(),
    to: new Date(to).toISOString(),
    step: `${step}s`,
  });
  const history = (await call('GET', `/bff/ingest/api/v1/signals/history?${query}`)) as History;
  if (seriesOf(key).merge(history?.points ?? []) > 0) touched(key);
}

/** Asks for what a topic missed, once for several gaps in a row, and not before live points came again. */
export function refill(env: string, service: string, since: number | null): void {
  const key = targetKey(env, service);
  const from = since === null ? Date.now() - HISTORY_MILLIS : since;
  const earlier = waiting.get(key);
  waiting.set(key, earlier === undefined ? from : Math.min(earlier, from));
  if (earlier !== undefined) return;
  setTimeout(() => {
    const start = waiting.get(key) ?? from;
    waiting.delete(key);
    fill(env, service, start + serverNow() - Date.now() - 5000).catch(() => undefined);
  }, 2000);
}
