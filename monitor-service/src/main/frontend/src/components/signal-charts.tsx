import type { HistoryPoint, SignalName } from '../api/types';
import type { Marker, Spec } from '../lib/chart';
import { SIGNALS } from '../lib/format';
import { columns } from '../lib/series';
import { changes } from '../state/changes';
import { changesOf, isOf } from '../state/reducers';
import { environments, incidents, ruleFor } from '../state/store';
import { Chart } from './chart';

export const CHARTS: { title: string; names: SignalName[]; judged: SignalName; wide?: boolean }[] = [
  { title: 'Traffic', names: ['traffic'], judged: 'traffic' },
  { title: 'Errors', names: ['error_rate'], judged: 'error_rate' },
  { title: 'Latency', names: ['latency_p50', 'latency_p95', 'latency_p99'], judged: 'latency_p95', wide: true },
  { title: 'CPU', names: ['cpu'], judged: 'cpu' },
  { title: 'Memory', names: ['memory'], judged: 'memory' },
];

const TOKEN: Record<SignalName, string> = {
  traffic: '--chart-1',
  error_rate: '--chart-bad',
  latency_p50: '--chart-1',
  latency_p95: '--chart-2',
  latency_p99: '--chart-3',
  cpu: '--chart-1',
  memory: '--chart-2',
};

const AT_LEAST: Record<SignalName, number> = {
  traffic: 1,
  error_rate: 0.02,
  latency_p50: 0.02,
  latency_p95: 0.02,
  latency_p99: 0.02,
  cpu: 0.25,
  memory: 1 / 1.1,
};

/** The changes that touch a service in an environment, for the charts' markers. */
function markersOf(service: string, env: string): Marker[] {
  return changesOf(changes.value, service, env, environments.value).map((c) => ({
    at: Date.parse(c.time),
    label: c.summary,
  }));
}

/** What the chart of some golden signals of a service shows. */
export function specOf(options: {
  service: string;
  env: string;
  names: SignalName[];
  judged: SignalName;
  points: readonly HistoryPoint[];
  range: { from: number; to: number };
  gap: number;
  focus?: { from: number; to: number } | null;
}): Spec {
  const { times, values } = columns(options.points, options.names, options.gap);
  const rule = ruleFor(options.service, options.judged);
  return {
    times,
    lines: options.names.map((n, i) => ({ label: SIGNALS[n].short, token: TOKEN[n], values: values[i]! })),
    range: options.range,
    format: SIGNALS[options.judged].format,
    atLeast: AT_LEAST[options.judged],
    limits: typeof rule?.threshold === 'number' ? [{ value: rule.threshold, label: rule.name }] : [],
    spans: incidents.value
      .filter((i) => isOf(i, options.service) && i.env === options.env)
      .map((i) => ({
        from: Date.parse(i.openedAt),
        to: i.resolvedAt ? Date.parse(i.resolvedAt) : null,
        label: `#${i.number} ${i.title}`,
      })),
    markers: markersOf(options.service, options.env),
    focus: options.focus ?? null,
  };
}

/** All golden signals of one service, sharing cursor and zoom. */
export function SignalCharts(props: {
  service: string;
  env: string;
  points: readonly HistoryPoint[];
  range: { from: number; to: number };
  gap: number;
  onZoom: (range: { from: number; to: number } | null) => void;
}) {
  return (
    <div class="charts">
      {CHARTS.map((c) => (
        <div key={c.title} class={c.wide ? 'wide' : ''}>
          <Chart
            title={c.title}
            sync={`service-${props.service}`}
            onZoom={props.onZoom}
            spec={specOf({ ...props, ...c })}
          />
        </div>
      ))}
    </div>
  );
}
