import { useMemo } from 'preact/hooks';
import type { SignalName } from '../api/types';
import { isBare } from '../lib/discovered';
import { legible, SIGNAL_NAMES, SIGNALS, signalValue } from '../lib/format';
import { servicePath } from '../lib/service-path';
import { changes } from '../state/changes';
import { changesOf, troubles } from '../state/reducers';
import {
  environments,
  listedTargets,
  now,
  openIncidents,
  probeOf,
  ruleFor,
  seriesOf,
  type Target,
  versionOf,
} from '../state/store';
import { Ago, At, Hidden, healthTone, Status, type Tone } from './marks';
import { GAP_MILLIS, Sparkline } from './sparkline';

/** Values older than this are stale: shown grey, with their age. */
export const STALE_MILLIS = 15_000;

export function isStale(ts: number | undefined, at: number): boolean {
  return ts === undefined || at - ts > Math.max(STALE_MILLIS, GAP_MILLIS);
}

export interface Verdict {
  tone: Tone;
  word: string;
}

/** A service's state in one word: an open incident outranks the probe, the probe outranks stale data. */
export function verdict(target: Target): Verdict {
  const { service, env } = target;
  const open = openIncidents.value.filter((i) => troubles(i, service.name) && i.env === env);
  const probe = probeOf(target);
  if (probe?.state === 'DOWN') return { tone: 'bad', word: 'Down' };
  if (open.some((i) => i.state !== 'MITIGATED')) return { tone: 'bad', word: 'Incident' };
  if (open.length > 0) return { tone: 'info', word: 'Mitigated' };
  const last = seriesOf(target.key).last;
  const old = isStale(last?.ts, now.value);
  if (isBare(last?.signals, old)) return { tone: 'idle', word: 'No signals' };
  if (old) return { tone: 'idle', word: 'No data' };
  if (SIGNAL_NAMES.some((n) => breaches(target, n, last?.signals[n]))) return { tone: 'warn', word: 'Over limit' };
  return probe && probe.state !== 'UP' ? { tone: 'idle', word: 'Unknown' } : { tone: 'ok', word: 'Healthy' };
}

function breaches(target: Target, name: SignalName, value: number | null | undefined): boolean {
  const rule = ruleFor(target.service.name, name);
  if (!rule || typeof rule.threshold !== 'number' || typeof value !== 'number') return false;
  switch (rule.comparison) {
    case '<':
      return value < rule.threshold;
    case '<=':
      return value <= rule.threshold;
    case '>=':
      return value >= rule.threshold;
    default:
      return value > rule.threshold;
  }
}

function useMarkers(target: Target): readonly number[] {
  const all = changes.value;
  const envs = environments.value;
  return useMemo(
    () => changesOf(all, target.service.name, target.env, envs).map((c) => Date.parse(c.time)),
    [all, target.service.name, target.env, envs],
  );
}

function Value(props: { target: Target; name: SignalName; short?: boolean }) {
  const last = seriesOf(props.target.key).last;
  const value = last?.signals[props.name];
  const bad = breaches(props.target, props.name, value);
  return (
    <span class={`value${bad ? ' over' : ''}`}>
      {props.short && <span class="value-name">{SIGNALS[props.name].short}</span>}
      <span class="value-num">{signalValue(props.name, value)}</span>
      {bad && <Hidden> over its limit</Hidden>}
    </span>
  );
}

function Cell(props: { target: Target; names: SignalName[]; judged: SignalName; stale: boolean }) {
  const { target, names, judged, stale } = props;
  const last = seriesOf(target.key).last;
  const over = !stale && breaches(target, judged, last?.signals[judged]);
  return (
    <td
      class={`signal${names.length > 1 ? ' multi' : ''}`}
      data-label={names.length > 1 ? 'Latency' : SIGNALS[judged].title}
    >
      <div class="values">
        {names.map((n) => (
          <Value key={n} target={target} name={n} short={names.length > 1} />
        ))}
      </div>
      <Sparkline
        target={target.key}
        names={names}
        tone={stale ? 'stale' : over ? 'bad' : undefined}
        threshold={ruleFor(target.service.name, judged)?.threshold}
        markers={useMarkers(target)}
      />
    </td>
  );
}

function Row({ target }: { target: Target }) {
  // Read, so that the row follows its series.
  versionOf(target.key).value;
  const { service, env } = target;
  const last = seriesOf(target.key).last;
  // What sends other things comes with the overview only, and may send seldom: its age alone says how old it is.
  const old = isStale(last?.ts, now.value);
  const stale = old && !isBare(last?.signals, old);
  const state = verdict(target);
  const probe = probeOf(target);
  return (
    <tr class={stale ? 'stale' : ''}>
      <th scope="row">
        <a href={servicePath(env, service.name)} data-row class="service-link">
          <span class="service-name">{service.title}</span>
          <span class="faint small">
            {legible(env)} · {target.discovered ? 'not in the catalog' : `tier ${service.tier}`}
          </span>
        </a>
      </th>
      <td class="state" title={probe?.detail ?? undefined}>
        <Status tone={state.tone}>{state.word}</Status>
        <span class="faint small num">
          {probe?.state === 'DOWN' && probe.since ? (
            <>
              since <At iso={probe.since} />
            </>
          ) : (
            typeof probe?.latencyMillis === 'number' && `probe ${Math.round(probe.latencyMillis)} ms`
          )}
        </span>
      </td>
      <Cell target={target} names={['traffic']} judged="traffic" stale={stale} />
      <Cell target={target} names={['error_rate']} judged="error_rate" stale={stale} />
      <Cell target={target} names={['latency_p50', 'latency_p95', 'latency_p99']} judged="latency_p95" stale={stale} />
      <Cell target={target} names={['cpu']} judged="cpu" stale={stale} />
      <Cell target={target} names={['memory']} judged="memory" stale={stale} />
      <td class="age num small">
        {last ? (
          stale ? (
            <Status tone={healthTone('UNKNOWN')} quiet>
              <span title="The newest sample is old. Values in grey are the last known ones.">
                <At iso={last.ts} />
              </span>
            </Status>
          ) : (
            <span class="faint">
              <Ago iso={last.ts} />
            </span>
          )
        ) : (
          <span class="faint">No sample yet</span>
        )}
      </td>
    </tr>
  );
}

/** One row a service and environment with its golden signals; cards on narrow screens. */
export function ServiceTable() {
  const { shown, left } = listedTargets.value;
  return (
    <>
      <table class="services">
        <caption class="visually-hidden">
          Golden signals of every service. A dashed vertical line marks a change, a dashed horizontal line a limit.
        </caption>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">State</th>
            <th scope="col">Traffic</th>
            <th scope="col">Errors</th>
            <th scope="col">Latency</th>
            <th scope="col">CPU</th>
            <th scope="col">Memory</th>
            <th scope="col">Updated</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((t) => (
            <Row key={t.key} target={t} />
          ))}
        </tbody>
      </table>
      {left > 0 && <p class="more-left">and {left} more that are not in the catalog; the search finds them.</p>}
    </>
  );
}
