import type { ComponentChildren } from 'preact';
import type { HealthState, IncidentState, Severity } from '../api/types';
import { ago, clock, duration, utc, words } from '../lib/format';
import { now } from '../state/store';
import { Icon, type IconName } from './icon';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';

const TONE_ICON: Record<Tone, IconName> = { ok: 'ok', warn: 'warn', bad: 'bad', info: 'clock', idle: 'unknown' };

/** A status: shape, colour and word together, so that none of them carries it alone. */
export function Status({ tone, children, quiet }: { tone: Tone; children: ComponentChildren; quiet?: boolean }) {
  return (
    <span class={`status ${tone}${quiet ? ' quiet' : ''}`}>
      <Icon name={TONE_ICON[tone]} size={14} />
      <span>{children}</span>
    </span>
  );
}

export function healthTone(state: HealthState | undefined): Tone {
  return state === 'UP' ? 'ok' : state === 'DOWN' ? 'bad' : 'idle';
}

const SEVERITY_TONE: Record<Severity, Tone> = { SEV1: 'bad', SEV2: 'bad', SEV3: 'warn', SEV4: 'info' };

export function SeverityBadge({ severity }: { severity: Severity }) {
  return <span class={`badge ${SEVERITY_TONE[severity]} ${severity === 'SEV1' ? 'solid' : ''}`}>{severity}</span>;
}

const STATE_TONE: Record<IncidentState, Tone> = {
  OPEN: 'bad',
  ACKNOWLEDGED: 'warn',
  INVESTIGATING: 'warn',
  IDENTIFIED: 'warn',
  MITIGATED: 'info',
  RESOLVED: 'ok',
};

export function StateBadge({ state }: { state: IncidentState }) {
  return <Status tone={STATE_TONE[state]}>{words(state)}</Status>;
}

/** The local time, UTC on hover. */
export function At({ iso }: { iso: string | number | null | undefined }) {
  const at = typeof iso === 'number' ? iso : Date.parse(iso ?? '');
  if (!Number.isFinite(at)) return <>–</>;
  return (
    <time dateTime={new Date(at).toISOString()} title={utc(at)}>
      {clock(at, now.value)}
    </time>
  );
}

/** How long ago, ticking; the time in both zones on hover. */
export function Ago({ iso }: { iso: string | number | null | undefined }) {
  const at = typeof iso === 'number' ? iso : Date.parse(iso ?? '');
  if (!Number.isFinite(at)) return <>–</>;
  return (
    <time dateTime={new Date(at).toISOString()} title={`${clock(at)} · ${utc(at)}`}>
      {ago(at, now.value)}
    </time>
  );
}

/** How long something has lasted, ticking until its end. */
export function Lasting({ from, to }: { from: string; to?: string | null | undefined }) {
  const start = Date.parse(from);
  const end = to ? Date.parse(to) : now.value;
  if (!Number.isFinite(start)) return <>–</>;
  return (
    <time dateTime={from} title={`since ${clock(start)} · ${utc(start)}`}>
      {duration(end - start)}
    </time>
  );
}

/** Text for screen readers only. */
export function Hidden({ children }: { children: ComponentChildren }) {
  return <span class="visually-hidden">{children}</span>;
}

export function Key({ children }: { children: ComponentChildren }) {
  return <kbd>{children}</kbd>;
}
