/** A small line chart's geometry, apart from the canvas it is drawn on. */

export interface Spark {
  /** Times in milliseconds, rising. */
  times: readonly number[];
  /** One or more lines over the same times; null breaks the line. */
  lines: readonly (readonly (number | null)[])[];
  from: number;
  to: number;
  /** The scale's top is at least this, so that noise on an idle signal does not look like a mountain. */
  atLeast?: number;
  /** Drawn as a hair line when the scale reaches it. */
  threshold?: number | null;
}

export interface Scale {
  min: number;
  max: number;
  x: (ts: number) => number;
  y: (v: number) => number;
}

/** From zero to the highest value (or `atLeast`) with a little headroom; `pad` pixels stay free at every edge. */
export function scaleOf(spark: Spark, width: number, height: number, pad = 2): Scale {
  let max = spark.atLeast ?? 0;
  for (const line of spark.lines) {
    line.forEach((v, i) => {
      const ts = spark.times[i]!;
      if (v !== null && v > max && ts >= spark.from && ts <= spark.to) max = v;
    });
  }
  if (max <= 0) max = 1;
  const span = Math.max(1, spark.to - spark.from);
  const w = Math.max(0, width - 2 * pad);
  const h = Math.max(0, height - 2 * pad);
  return {
    min: 0,
    max,
    x: (ts) => pad + ((ts - spark.from) / span) * w,
    y: (v) => pad + (1 - Math.min(1, Math.max(0, v / max))) * h,
  };
}

export interface Segment {
  points: [number, number][];
}

/**
 * The pieces of one line in pixels. A line is broken at nulls and where two points are further apart than `gap`
 * milliseconds. Points left of the window are dropped but for the last, so that the line enters from the edge.
 */
export function segments(spark: Spark, line: readonly (number | null)[], scale: Scale, gap: number): Segment[] {
  const out: Segment[] = [];
  let current: [number, number][] = [];
  let before: number | null = null;
  const close = () => {
    if (current.length > 0) out.push({ points: current });
    current = [];
  };
  for (let i = 0; i < line.length; i++) {
    const ts = spark.times[i]!;
    const v = line[i];
    if (ts > spark.to) break;
    if (ts < spark.from && !(i + 1 < line.length && spark.times[i + 1]! >= spark.from)) continue;
    if (v === null || v === undefined) {
      close();
      before = null;
      continue;
    }
    if (before !== null && ts - before > gap) close();
    current.push([scale.x(ts), scale.y(v)]);
    before = ts;
  }
  close();
  return out;
}

export interface Ink {
  lines: readonly string[];
  fill?: string | undefined;
  threshold: string;
  marker: string;
}

/** Draws the spark on a canvas of `width` × `height` CSS pixels. */
export function draw(
  canvas: HTMLCanvasElement,
  spark: Spark,
  ink: Ink,
  options: { gap: number; markers?: readonly number[] },
): void {
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  const ctx = canvas.getContext('2d');
  if (!ctx || width === 0 || height === 0) return;
  const ratio = window.devicePixelRatio || 1;
  const [pw, ph] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pw || canvas.height !== ph) {
    canvas.width = pw;
    canvas.height = ph;
  }
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, width, height);
  const scale = scaleOf(spark, width, height, 2.5);

  for (const at of options.markers ?? []) {
    if (at < spark.from || at > spark.to) continue;
    const x = Math.round(scale.x(at)) + 0.5;
    ctx.strokeStyle = ink.marker;
    ctx.lineWidth = 1;
    ctx.setLineDash([2, 2]);
    ctx.beginPath();
    ctx.moveTo(x, 0);
    ctx.lineTo(x, height);
    ctx.stroke();
  }
  if (spark.threshold !== null && spark.threshold !== undefined && spark.threshold <= scale.max) {
    const y = Math.round(scale.y(spark.threshold)) + 0.5;
    ctx.strokeStyle = ink.threshold;
    ctx.lineWidth = 1;
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(0, y);
    ctx.lineTo(width, y);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.lineJoin = 'round';
  ctx.lineCap = 'round';
  spark.lines.forEach((line, i) => {
    const colour = ink.lines[i] ?? ink.lines[0] ?? 'currentColor';
    for (const { points } of segments(spark, line, scale, options.gap)) {
      const [first] = points;
      const last = points.at(-1);
      if (!first || !last) continue;
      ctx.beginPath();
      ctx.moveTo(first[0], first[1]);
      for (const [x, y] of points.slice(1)) ctx.lineTo(x, y);
      ctx.strokeStyle = colour;
      ctx.lineWidth = 1.25;
      ctx.stroke();
      if (ink.fill && i === 0) {
        ctx.lineTo(last[0], height);
        ctx.lineTo(first[0], height);
        ctx.closePath();
        ctx.fillStyle = ink.fill;
        ctx.fill();
      }
    }
  });
}
