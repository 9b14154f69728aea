import { useEffect, useId, useRef, useState } from 'preact/hooks';
import 'uplot/dist/uPlot.min.css';
import type uPlot from 'uplot';
import { createChart, dataOf, type Marker, type Spec } from '../lib/chart';
import { clock, NONE } from '../lib/format';
import { paint } from '../lib/ink';
import { summarise } from '../lib/series';
import { now } from '../state/store';
import { Icon } from './icon';

/**
 * A chart with axes, a cursor that all charts of `sync` share, limits, incident spans and change markers; the same in
 * words and as a table for those who do not see it.
 */
export function Chart(props: {
  title: string;
  spec: Spec;
  sync: string;
  height?: number;
  onZoom?: (range: { from: number; to: number } | null) => void;
}) {
  const { spec, title } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const current = useRef(spec);
  current.current = spec;
  const zoom = useRef(props.onZoom);
  zoom.current = props.onZoom;
  const [index, setIndex] = useState<number | null>(null);
  const [table, setTable] = useState(false);
  const id = useId();
  const height = props.height ?? 180;
  const labels = spec.lines.map((l) => l.label).join();
  const colours = paint.value;

  useEffect(() => {
    const box = host.current;
    if (!box) return;
    const made = createChart(box, () => current.current, props.sync, height, {
      onCursor: setIndex,
      onZoom: (range) => zoom.current?.(range),
    });
    plot.current = made;
    const watch = new ResizeObserver(() => made.setSize({ width: Math.max(10, box.clientWidth), height }));
    watch.observe(box);
    return () => {
      watch.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [props.sync, height, labels, colours]);

  useEffect(() => {
    plot.current?.setData(dataOf(spec));
  }, [spec]);

  const shown = index !== null && index < spec.times.length ? index : null;
  const empty = spec.lines.every((l) => l.values.every((v) => v === null));
  return (
    <figure class="chart" aria-labelledby={id}>
      <figcaption class="chart-head">
        <h3 id={id}>{title}</h3>
        <span class="legend">
          {spec.lines.map((l, i) => (
            <span key={l.label} class="legend-item">
              <span class="swatch" style={{ background: `var(${l.token})` }} aria-hidden="true" />
              {spec.lines.length > 1 && <span class="faint">{l.label}</span>}
              <strong>{valueAt(spec, i, shown)}</strong>
            </span>
          ))}
        </span>
        <span class="spring" />
        <span class="faint small num">{shown !== null && clock(spec.times[shown]! * 1000, now.peek())}</span>
        <button
          type="button"
          class="button ghost icon-only small"
          aria-pressed={table}
          aria-label={table ? `${title}: show the chart` : `${title}: show as a table`}
          title={table ? 'Show the chart' : 'Show as a table'}
          onClick={() => setTable(!table)}
        >
          <Icon name={table ? 'chart' : 'table'} size={14} />
        </button>
      </figcaption>
      <div class="chart-plot" hidden={table}>
        <div ref={host} aria-hidden="true" />
        {empty && <p class="chart-empty faint">No samples in this time</p>}
      </div>
      {table ? <Table spec={spec} /> : <p class="visually-hidden">{inWords(title, spec)}</p>}
    </figure>
  );
}

function valueAt(spec: Spec, line: number, index: number | null): string {
  const values = spec.lines[line]!.values;
  const v = index === null ? values.findLast((x) => x !== null) : values[index];
  return v === null || v === undefined ? NONE : spec.format(v);
}

/** The chart in sentences. */
export function inWords(title: string, spec: Spec): string {
  const parts = spec.lines.map((l) => {
    const s = summarise(spec.times, l.values);
    if (!s) return `${l.label}: no samples.`;
    const last = s.last === null ? NONE : spec.format(s.last);
    return `${l.label}: last ${last}, lowest ${spec.format(s.min)}, highest ${spec.format(s.max)}, mean ${spec.format(s.mean)}.`;
  });
  const limits = spec.limits.map((l) => `Limit ${spec.format(l.value)} (${l.label}).`);
  const markers = spec.markers.map((m: Marker) => `Change at ${clock(m.at)}: ${m.label}.`);
  return [`${title} from ${clock(spec.range.from)} to ${clock(spec.range.to)}.`, ...parts, ...limits, ...markers].join(
    ' ',
  );
}

const TABLE_ROWS = 24;

function Table({ spec }: { spec: Spec }) {
  const step = Math.max(1, Math.floor(spec.times.length / TABLE_ROWS));
  const rows = spec.times.map((_, i) => i).filter((i) => (spec.times.length - 1 - i) % step === 0);
  return (
    <div class="chart-table">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Time</th>
            {spec.lines.map((l) => (
              <th key={l.label} scope="col" class="right">
                {l.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.reverse().map((i) => (
            <tr key={spec.times[i]}>
              <th scope="row">{clock(spec.times[i]! * 1000, now.peek())}</th>
              {spec.lines.map((l) => (
                <td key={l.label} class="right">
                  {l.values[i] === null || l.values[i] === undefined ? NONE : spec.format(l.values[i]!)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
