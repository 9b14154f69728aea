import { useEffect, useRef } from 'preact/hooks';
import type { SignalName } from '../api/types';
import { SIGNALS, signalValue } from '../lib/format';
import { ink, paint } from '../lib/ink';
import { columns } from '../lib/series';
import { draw } from '../lib/sparkline';
import { now, seriesOf, versionOf } from '../state/store';

/** The window a sparkline shows, in milliseconds. */
export const SPARK_MILLIS = 5 * 60_000;
/** Points further apart than this are not joined. */
export const GAP_MILLIS = 12_000;

const AT_LEAST: Record<SignalName, number> = {
  traffic: 1,
  error_rate: 0.05,
  latency_p50: 0.05,
  latency_p95: 0.05,
  latency_p99: 0.05,
  cpu: 0.5,
  memory: 1,
};

/** A small live chart of one or more signals of one service, drawn on its own canvas. */
export function Sparkline(props: {
  target: string;
  names: readonly SignalName[];
  tone?: 'bad' | 'stale' | undefined;
  threshold?: number | null | undefined;
  markers?: readonly number[];
}) {
  const ref = useRef<HTMLCanvasElement>(null);
  const version = versionOf(props.target).value;
  const colours = paint.value;
  const second = Math.floor(now.value / 2000);
  const last = seriesOf(props.target).last;

  // Redrawn for each new point, every other second, and with new colours
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const to = Math.max(now.peek(), last?.ts ?? 0);
    const from = to - SPARK_MILLIS;
    const points = seriesOf(props.target).since(from - GAP_MILLIS);
    const { times, values } = columns(points, props.names, GAP_MILLIS);
    const first = props.names[0]!;
    const multi = props.names.length > 1;
    const base = props.tone === 'bad' ? '--bad' : props.tone === 'stale' ? '--text-3' : '--spark';
    draw(
      canvas,
      {
        times: times.map((t) => t * 1000),
        lines: values,
        from,
        to,
        atLeast: AT_LEAST[first],
        threshold: props.threshold ?? null,
      },
      {
        lines: multi && !props.tone ? ['--spark-3', '--spark', '--spark-2'].map(ink) : [ink(base)],
        fill: multi ? undefined : ink(props.tone === 'bad' ? '--bad-soft' : '--spark-fill'),
        threshold: ink('--threshold'),
        marker: ink('--marker'),
      },
      { gap: GAP_MILLIS, markers: props.markers ?? [] },
    );
  }, [version, second, colours, props.tone, props.threshold, props.target, props.markers]);

  const label = props.names.map((n) => `${SIGNALS[n].title} ${signalValue(n, last?.signals[n])}`).join(', ');
  return <canvas ref={ref} class="spark" role="img" aria-label={`${label}, last five minutes`} />;
}
