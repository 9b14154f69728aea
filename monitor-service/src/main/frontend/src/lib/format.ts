import type { SignalName } from '../api/types';

/** Numbers, durations and times as people read them. All functions are pure; "no data" is an en dash, never a zero. */
export const NONE = '–';

const NBSP = '\u00a0';

/** Three significant digits at most, thousands as k, M, G. */
export function compact(value: number): string {
  const abs = Math.abs(value);
  if (abs >= 999_500_000) return `${significant(value / 1e9)}G`;
  if (abs >= 999_500) return `${significant(value / 1e6)}M`;
  if (abs >= 999.5) return `${significant(value / 1e3)}k`;
  return significant(value);
}

function significant(value: number): string {
  const abs = Math.abs(value);
  if (abs >= 99.95) return value.toFixed(0);
  if (abs >= 9.995) return value.toFixed(1);
  if (abs === 0) return '0';
  if (abs < 0.005) return value < 0 ? '>-0.01' : '<0.01';
  return value.toFixed(2);
}

/** A ratio 0..1 as a percentage. A value that is not zero is never shown as zero. */
export function percent(ratio: number): string {
  const p = ratio * 100;
  if (p === 0) return `0${NBSP}%`;
  if (Math.abs(p) < 0.1) return `<0.1${NBSP}%`;
  return `${p >= 99.95 || p >= 9.95 ? p.toFixed(0) : p.toFixed(1)}${NBSP}%`;
}

/** Seconds as µs, ms or s. */
export function seconds(s: number): string {
  if (s === 0) return `0${NBSP}ms`;
  const abs = Math.abs(s);
  if (abs < 0.000_999_5) return `${Math.round(s * 1e6)}${NBSP}µs`;
  if (abs < 0.009_95) return `${(s * 1e3).toFixed(1)}${NBSP}ms`;
  if (abs < 0.999_5) return `${Math.round(s * 1e3)}${NBSP}ms`;
  if (abs < 59.95) return `${s.toFixed(abs < 9.95 ? 2 : 1)}${NBSP}s`;
  return duration(s * 1000);
}

/** Milliseconds as at most two units: "42 s", "3 min 12 s", "2 h 4 min", "3 d 2 h". */
export function duration(millis: number): string {
  const total = Math.max(0, Math.floor(millis / 1000));
  const [d, h, m, s] = [
    Math.floor(total / 86_400),
    Math.floor(total / 3600) % 24,
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  const two = (a: number, ua: string, b: number, ub: string) =>
    b === 0 ? `${a}${NBSP}${ua}` : `${a}${NBSP}${ua} ${b}${NBSP}${ub}`;
  if (d > 0) return two(d, 'd', h, 'h');
  if (h > 0) return two(h, 'h', m, 'min');
  if (m > 0) return two(m, 'min', s, 's');
  return `${s}${NBSP}s`;
}

/** A countdown as m:ss. */
export function countdown(millis: number): string {
  const total = Math.max(0, Math.ceil(millis / 1000));
  return `${Math.floor(total / 60)}:${String(total % 60).padStart(2, '0')}`;
}

/** How long ago `at` was. Something at most a second in the future (clocks differ) counts as now. */
export function ago(at: number, now: number): string {
  const age = now - at;
  if (age < 1000) return 'now';
  if (age < 60_000) return `${Math.floor(age / 1000)}${NBSP}s ago`;
  if (age < 3_600_000) return `${Math.floor(age / 60_000)}${NBSP}min ago`;
  if (age < 172_800_000) return `${Math.floor(age / 3_600_000)}${NBSP}h ago`;
  return `${Math.floor(age / 86_400_000)}${NBSP}d ago`;
}

const pad = (n: number) => String(n).padStart(2, '0');

/** hh:mm:ss in the viewer's zone; with the day in front when it is not the day of `now`. */
export function clock(at: number, now: number = at): string {
  const d = new Date(at);
  if (Number.isNaN(d.getTime())) return NONE;
  const time = `${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}`;
  if (d.toDateString() === new Date(now).toDateString()) return time;
  return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())} ${time}`;
}

/** The instant in UTC, for the tooltip. */
export function utc(at: number): string {
  const d = new Date(at);
  return Number.isNaN(d.getTime()) ? NONE : `${d.toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

/** Milliseconds of an ISO 8601 duration ("PT1M30S"), of "90s"/"2m"/"1h", or of a number of seconds; NaN when unreadable. */
export function durationMillis(value: string | number): number {
  if (typeof value === 'number') return value * 1000;
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(value);
  if (iso && value.length > 1) {
    const [, d = '0', h = '0', m = '0', s = '0'] = iso;
    return ((Number(d) * 24 + Number(h)) * 60 + Number(m)) * 60_000 + Number(s) * 1000;
  }
  const short = /^(\d+)(ms|s|m|h)$/.exec(value);
  if (!short) return Number.NaN;
  const unit = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[short[2] as 'ms' | 's' | 'm' | 'h'];
  return Number(short[1]) * unit;
}

/** What is known about each golden signal: its title, and how its values read. */
export const SIGNALS: Record<SignalName, { title: string; short: string; format: (v: number) => string }> = {
  traffic: { title: 'Traffic', short: 'Traffic', format: (v) => `${compact(v)}/s` },
  error_rate: { title: 'Errors', short: 'Errors', format: percent },
  latency_p50: { title: 'Latency p50', short: 'p50', format: seconds },
  latency_p95: { title: 'Latency p95', short: 'p95', format: seconds },
  latency_p99: { title: 'Latency p99', short: 'p99', format: seconds },
  cpu: { title: 'CPU', short: 'CPU', format: percent },
  memory: { title: 'Memory', short: 'Memory', format: percent },
};

export const SIGNAL_NAMES = Object.keys(SIGNALS) as SignalName[];

/** A signal's value in its unit, or an en dash. */
export function signalValue(name: SignalName, value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NONE : SIGNALS[name].format(value);
}

/** "MITIGATED" → "Mitigated", "SIGNAL_FIRED" → "Signal fired". */
export function words(constant: string): string {
  const lower = constant.replaceAll(/[_-]/g, ' ').toLowerCase();
  return lower.charAt(0).toUpperCase() + lower.slice(1);
}

/**
 * A name from telemetry as it is: U+FFFD stands for control characters, and for those that turn the direction of
 * writing, with which one name looks like another. As services do with the names in incidents.
 */
export function legible(name: string): string {
  return name.replaceAll(/[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu, '\uFFFD');
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n}${NBSP}${n === 1 ? one : many}`;
}
