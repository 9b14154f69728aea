import { useState } from 'preact/hooks';
import { call } from '../api/http';
import type { Analysis, Evidence, History, SignalName } from '../api/types';
import { SIGNALS, words } from '../lib/format';
import { useLoad } from '../lib/load';
import { Chart } from './chart';
import { Icon, type IconName } from './icon';
import { At } from './marks';
import { specOf } from './signal-charts';
import { GAP_MILLIS } from './sparkline';

const KIND_ICON: Record<string, IconName> = {
  DEVIATION: 'chart',
  DEPENDENCY: 'graph',
  CHANGE: 'arrow',
  SIGNAL: 'incident',
  MISSING: 'unknown',
};

/** The golden signal that a metric's name stands for, if any. */
export function goldenSignal(metric: string | null | undefined): SignalName | null {
  return metric && metric in SIGNALS ? (metric as SignalName) : null;
}

/** What a statement rests on; each piece opens to the very chart and window. */
export function EvidenceList({ ids, analysis, env }: { ids: readonly string[]; analysis: Analysis; env: string }) {
  const cited = ids.map((id) => analysis.evidence.find((e) => e.id === id)).filter((e): e is Evidence => Boolean(e));
  if (cited.length === 0) return null;
  return (
    <ul class="evidence">
      {cited.map((e) => (
        <EvidenceItem key={e.id} evidence={e} env={env} />
      ))}
    </ul>
  );
}

function EvidenceItem({ evidence, env }: { evidence: Evidence; env: string }) {
  const [open, setOpen] = useState(false);
  const golden = goldenSignal(evidence.metric);
  const drawable = Boolean(golden && evidence.service && evidence.from && evidence.to);
  const line = (
    <>
      <Icon name={KIND_ICON[evidence.kind] ?? 'note'} size={14} />
      <span class="grow">
        {evidence.service && <strong>{evidence.service}</strong>} {evidence.summary}
        {evidence.from && (
          <span class="faint small num">
            {' '}
            · <At iso={evidence.from} />
            {evidence.to && (
              <>
                –<At iso={evidence.to} />
              </>
            )}
          </span>
        )}
      </span>
      <span class="tag">{words(evidence.kind)}</span>
    </>
  );
  if (!drawable) return <li class="evidence-line">{line}</li>;
  return (
    <li>
      <button type="button" class="evidence-line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class={`turn${open ? ' open' : ''}`}>
          <Icon name="chevron" size={12} />
        </span>
        {line}
      </button>
      {open && (
        <SignalWindow
          service={evidence.service!}
          env={env}
          name={golden!}
          from={Date.parse(evidence.from!)}
          to={Date.parse(evidence.to!)}
        />
      )}
    </li>
  );
}

/** One golden signal around a window of time; the window is marked, with twice its length before it and some after. */
export function SignalWindow(props: { service: string; env: string; name: SignalName; from: number; to: number }) {
  const { service, env, name, from, to } = props;
  const length = Math.max(60_000, to - from);
  const range = { from: from - length * 1.5, to: to + length * 0.75 };
  const step = Math.max(1, Math.round((range.to - range.from) / 1000 / 500));
  const history = useLoad(async () => {
    const query = new URLSearchParams({
      service,
      env,
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      step: `${step}s`,
    });
    return (await call('GET', `/bff/ingest/api/v1/signals/history?${query}`)) as History;
  }, [service, env, name, from, to]);
  if (history.error)
    return (
      <p class="evidence-note faint">
        The chart cannot be read: {history.error}{' '}
        <button type="button" class="button small" onClick={history.reload}>
          Try again
        </button>
      </p>
    );
  if (!history.data) return <div class="evidence-note skeleton-row" role="status" aria-label="Loading the chart" />;
  return (
    <div class="evidence-chart">
      <Chart
        title={`${SIGNALS[name].title} of ${service}`}
        sync={`evidence-${service}-${name}-${from}`}
        height={150}
        spec={specOf({
          service,
          env,
          names: [name],
          judged: name,
          points: history.data.points ?? [],
          range,
          gap: Math.max(GAP_MILLIS, step * 3000),
          focus: { from, to },
        })}
      />
    </div>
  );
}
