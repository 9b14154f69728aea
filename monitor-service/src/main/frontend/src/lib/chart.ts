import uPlot from 'uplot';
import { ink } from './ink';
import type { Column } from './series';

/** What a large chart shows; all times in milliseconds. */

export interface Line {
  label: string;
  /** A colour token. */
  token: string;
  values: Column;
}

export interface Limit {
  value: number;
  label: string;
}

export interface Span {
  from: number;
  to: number | null;
  label: string;
}

export interface Marker {
  at: number;
  label: string;
}

export interface Spec {
  /** In seconds, rising. */
  times: number[];
  lines: Line[];
  range: { from: number; to: number };
  format: (v: number) => string;
  atLeast: number;
  limits: Limit[];
  spans: Span[];
  markers: Marker[];
  /** The stretch of time that the reader should look at. */
  focus: { from: number; to: number } | null;
}

const HOUR = 3600;

/** The vertical scale: from zero, with headroom; it includes a limit as soon as a value comes near it. */
export function verticalRange(spec: Pick<Spec, 'lines' | 'atLeast' | 'limits'>): [number, number] {
  let max = spec.atLeast;
  for (const { values } of spec.lines) for (const v of values) if (v !== null && v > max) max = v;
  for (const l of spec.limits) if (l.value > max && l.value <= max * 3) max = l.value;
  return [0, max * 1.1];
}

/** hh:mm, with seconds when the whole range is short. */
export function tick(seconds: number, span: number): string {
  const d = new Date(seconds * 1000);
  const pad = (n: number) => String(n).padStart(2, '0');
  const time = `${pad(d.getHours())}:${pad(d.getMinutes())}`;
  if (span <= HOUR / 6) return `${time}:${pad(d.getSeconds())}`;
  return span > 30 * HOUR ? `${pad(d.getMonth() + 1)}-${pad(d.getDate())} ${time}` : time;
}

/** "10.0/s" → "10/s", "0.50 s" → "0.5 s": axes need no trailing zeros. */
export function trimZeros(text: string): string {
  return text.replace(/(\d+)(?:\.(\d*?)0+)(?=\D|$)/, (_, whole: string, rest: string) =>
    rest ? `${whole}.${rest}` : whole,
  );
}

export interface Hooks {
  /** The index under the cursor, null when it leaves. */
  onCursor: (index: number | null) => void;
  /** A range was dragged, or null: back to live. */
  onZoom: (range: { from: number; to: number } | null) => void;
}

/** Creates the uPlot chart in `host`; `spec` is asked at every drawing, so that it may change. */
export function createChart(host: HTMLElement, spec: () => Spec, sync: string, height: number, hooks: Hooks): uPlot {
  const first = spec();
  const font = '11px system-ui, sans-serif';
  const axis: uPlot.Axis = {
    stroke: ink('--text-3'),
    font,
    grid: { stroke: ink('--grid'), width: 1 },
    ticks: { show: false },
    border: { show: false },
  };
  const options: uPlot.Options = {
    width: Math.max(10, host.clientWidth),
    height,
    padding: [8, 6, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: sync, setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      y: false,
      bind: {
        dblclick: () => () => {
          hooks.onZoom(null);
          return null;
        },
      },
    },
    scales: {
      x: {
        time: false,
        range: () => {
          const { from, to } = spec().range;
          return [from / 1000, to / 1000];
        },
      },
      y: { range: () => verticalRange(spec()) },
    },
    axes: [
      {
        ...axis,
        size: 26,
        gap: 4,
        space: 72,
        values: (u, splits) => {
          const span = (u.scales['x']?.max ?? 0) - (u.scales['x']?.min ?? 0);
          return splits.map((s) => tick(s, span));
        },
        incrs: [
          1,
          2,
          5,
          10,
          15,
          30,
          60,
          120,
          300,
          600,
          900,
          1800,
          HOUR,
          2 * HOUR,
          4 * HOUR,
          6 * HOUR,
          12 * HOUR,
          24 * HOUR,
        ],
      },
      { ...axis, size: 58, gap: 6, space: 34, values: (_, splits) => splits.map((v) => trimZeros(spec().format(v))) },
    ],
    series: [
      {},
      ...first.lines.map(
        (l): uPlot.Series => ({
          label: l.label,
          stroke: ink(l.token),
          width: 1.5,
          points: { show: false },
          spanGaps: false,
        }),
      ),
    ],
    hooks: {
      drawAxes: [(u) => under(u, spec())],
      draw: [(u) => over(u, spec())],
      setCursor: [(u) => hooks.onCursor(u.cursor.idx ?? null)],
      setSelect: [
        (u) => {
          if (u.select.width < 8) return;
          const from = u.posToVal(u.select.left, 'x') * 1000;
          const to = u.posToVal(u.select.left + u.select.width, 'x') * 1000;
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          if (to - from >= 2000) hooks.onZoom({ from, to });
        },
      ],
    },
  };
  return new uPlot(options, dataOf(first), host);
}

export function dataOf(spec: Spec): uPlot.AlignedData {
  return [spec.times, ...spec.lines.map((l) => l.values)] as uPlot.AlignedData;
}

function band(u: uPlot, from: number, to: number, colour: string): void {
  const { left, top, width, height } = u.bbox;
  const x0 = Math.max(left, u.valToPos(from / 1000, 'x', true));
  const x1 = Math.min(left + width, u.valToPos(to / 1000, 'x', true));
  if (x1 <= x0) return;
  u.ctx.fillStyle = colour;
  u.ctx.fillRect(x0, top, x1 - x0, height);
}

function under(u: uPlot, spec: Spec): void {
  u.ctx.save();
  for (const s of spec.spans) band(u, s.from, s.to ?? spec.range.to, ink('--span-fill'));
  if (spec.focus) band(u, spec.focus.from, spec.focus.to, ink('--window-fill'));
  u.ctx.restore();
}

function over(u: uPlot, spec: Spec): void {
  const { ctx, bbox } = u;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = ratio;
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  const [, top] = verticalRange(spec);
  for (const l of spec.limits) {
    if (l.value > top) continue;
    line(u, bbox.left, u.valToPos(l.value, 'y', true), bbox.left + bbox.width, 'h', ink('--threshold'));
  }
  for (const m of spec.markers) {
    if (m.at < spec.range.from || m.at > spec.range.to) continue;
    const x = u.valToPos(m.at / 1000, 'x', true);
    line(u, x, bbox.top, bbox.top + bbox.height, 'v', ink('--marker'));
    ctx.fillStyle = ink('--marker');
    ctx.beginPath();
    ctx.moveTo(x - 4 * ratio, bbox.top);
    ctx.lineTo(x + 4 * ratio, bbox.top);
    ctx.lineTo(x, bbox.top + 6 * ratio);
    ctx.fill();
  }
  ctx.restore();
}

function line(u: uPlot, x: number, y: number, end: number, way: 'h' | 'v', colour: string): void {
  u.ctx.strokeStyle = colour;
  u.ctx.beginPath();
  u.ctx.moveTo(x, y);
  if (way === 'h') u.ctx.lineTo(end, y);
  else u.ctx.lineTo(x, end);
  u.ctx.stroke();
}
