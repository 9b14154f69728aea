import { useEffect, useState } from 'preact/hooks';
import { call, itemsOf } from '../api/http';
import type { CatalogService, History, Incident } from '../api/types';
import { CatalogFile } from '../components/catalog-file';
import { Icon } from '../components/icon';
import { Ago, At, Lasting, SeverityBadge, StateBadge, Status } from '../components/marks';
import { isStale, verdict } from '../components/service-table';
import { SignalCharts } from '../components/signal-charts';
import { GAP_MILLIS } from '../components/sparkline';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { fitsCatalog, isBare, named } from '../lib/discovered';
import { clock, legible, words } from '../lib/format';
import { useLoad } from '../lib/load';
import { servicePath } from '../lib/service-path';
import { useTitle } from '../lib/title';
import { reconnected } from '../live/live';
import { changes, changesError, watchChanges } from '../state/changes';
import { changesOf, isOf } from '../state/reducers';
import {
  environments,
  follow,
  incidents,
  loaded,
  now,
  rules,
  seriesOf,
  services,
  type Target,
  takeIncident,
  targets,
  versionOf,
} from '../state/store';

const RANGES = [
  { label: '5 min', millis: 5 * 60_000 },
  { label: '15 min', millis: 15 * 60_000 },
  { label: '1 h', millis: 3_600_000 },
  { label: '6 h', millis: 6 * 3_600_000 },
  { label: '24 h', millis: 24 * 3_600_000 },
];

/** The longest range that the page's live buffer holds by itself. */
const LIVE_MILLIS = 15 * 60_000;

/** Everything about one service in one environment. */
export function ServicePage(props: { env?: string; service?: string; query?: Record<string, string> }) {
  const env = props.env ?? props.query?.['env'] ?? '';
  const name = props.service ?? props.query?.['name'] ?? '';
  const target = targets.value.find((t) => t.env === env && t.service.name === name) ?? named(env, name);
  useTitle(target.service.title);
  if (!loaded.value) return <Skeleton rows={8} label="Loading the service" />;
  if (!name) {
    return (
      <Empty icon="unknown" title="No service is named">
        The address has no name of a service. Go to the <a href="/">overview</a>.
      </Empty>
    );
  }
  return <Known key={target.key} target={target} />;
}

function Known({ target }: { target: Target }) {
  const { key, service, env } = target;
  const [millis, setMillis] = useState(LIVE_MILLIS);
  const [zoom, setZoom] = useState<{ from: number; to: number } | null>(null);
  const state = verdict(target);
  versionOf(key).value;
  const last = seriesOf(key).last;
  const stale = isStale(last?.ts, now.value);

  const long = millis > LIVE_MILLIS;
  const step = Math.max(1, Math.round(millis / 1000 / 700));
  const stored = useLoad(async () => {
    if (!long) return null;
    const to = now.peek();
    const query = new URLSearchParams({
      service: service.name,
      env,
      from: new Date(to - millis).toISOString(),
      to: new Date(to).toISOString(),
      step: `${step}s`,
    });
    return (await call('GET', `/bff/ingest/api/v1/signals/history?${query}`)) as History;
  }, [key, millis]);
  useEffect(() => follow(target), [key]);
  useEffect(() => {
    reconnected.add(stored.reload);
    return () => {
      reconnected.delete(stored.reload);
    };
  }, [stored.reload]);

  const to = Math.max(now.value, last?.ts ?? 0);
  const range = zoom ?? { from: to - millis, to };
  const history = long ? (stored.data?.points ?? []) : [];
  const horizon = history.at(-1)?.ts ?? range.from - GAP_MILLIS;
  const live = seriesOf(key).since(horizon + 1);
  const points = long ? [...history, ...live] : live;

  return (
    <div class="page">
      <header class="page-head">
        <h1>{service.title}</h1>
        <Status tone={state.tone}>{state.word}</Status>
        <span class="faint">
          {legible(env)} · {target.discovered ? 'not in the catalog' : `tier ${service.tier}`}
          {service.owner && ` · owned by ${service.owner}`}
        </span>
        <span class="spring" />
        {stale && (
          <Status tone="idle" quiet>
            {last ? (
              <>
                Last sample at <At iso={last.ts} />
              </>
            ) : (
              'No sample yet'
            )}
          </Status>
        )}
        <div class="segments" role="group" aria-label="Time range">
          {RANGES.map((r) => (
            <button
              key={r.label}
              type="button"
              aria-pressed={!zoom && r.millis === millis}
              onClick={() => {
                setZoom(null);
                setMillis(r.millis);
              }}
            >
              {r.label}
            </button>
          ))}
        </div>
      </header>
      {zoom && (
        <div class="zoom-note" role="status">
          Zoomed to {clock(zoom.from, now.peek())} – {clock(zoom.to, now.peek())}
          <button type="button" class="button small" onClick={() => setZoom(null)}>
            Back to live
          </button>
        </div>
      )}
      {isBare(last?.signals, stale) && (
        <p class="zoom-note" role="status">
          <span>
            It sends samples, but none of them makes traffic, errors, latency, CPU or memory, so there is nothing to
            draw yet. Queries and rules see them all the same. <code>golden-signals:</code> in <CatalogFile /> says
            which names do, and takes more.
          </span>
        </p>
      )}
      {target.discovered && !last && points.length === 0 && (
        <p class="zoom-note" role="status">
          Nothing is known of it yet: the catalog does not name it, and no sample of it is known in this range. Is the
          name right? A longer range shows older samples, if there are any.
        </p>
      )}
      {long && stored.error && <Failed what="The history cannot be read" error={stored.error} retry={stored.reload} />}
      <div class={`with-side${stale ? ' stale-data' : ''}`}>
        <Card class="charts-card">
          <h2 class="visually-hidden">Golden signals</h2>
          <SignalCharts
            service={service.name}
            env={env}
            points={points}
            range={range}
            gap={Math.max(GAP_MILLIS, long ? step * 3000 : 0)}
            onZoom={setZoom}
          />
        </Card>
        <div class="side-column">
          <ServiceIncidents service={service.name} env={env} />
          {target.discovered ? (
            <ToTheCatalog service={service.name} env={env} />
          ) : (
            <Dependencies service={service} env={env} />
          )}
          <Changes service={service.name} env={env} />
          <Runbook service={service} />
        </div>
      </div>
    </div>
  );
}

/** How a service that is known by its samples alone comes into the catalog. */
function ToTheCatalog({ service, env }: { service: string; env: string }) {
  const fits = fitsCatalog(service) && fitsCatalog(env);
  return (
    <Card title="Not in the catalog">
      <p class="small">
        {fits ? (
          <>
            Give it a title, dependencies and an owner: add it under <code>services:</code> in <CatalogFile />. It is
            reloaded by itself.
          </>
        ) : (
          <>
            The catalog cannot name it: names there are letters, digits, <code>.</code>, <code>_</code> and{' '}
            <code>-</code>. Let it send another <code>service.name</code> or <code>job</code>.
          </>
        )}
      </p>
      {fits && <pre class="small">{`services:\n  - name: ${service}\n    environments: [${env}]`}</pre>}
    </Card>
  );
}

function ServiceIncidents({ service, env }: { service: string; env: string }) {
  const mine = incidents.value.filter((i) => isOf(i, service) && i.env === env);
  const recent = useLoad(async () => {
    const query = new URLSearchParams({ service, env, limit: '10' });
    // Into the store, so that the charts show when they were.
    for (const i of itemsOf<Incident>(await call('GET', `/bff/incident/api/v1/incidents?${query}`))) takeIncident(i);
    return true;
  }, [service, env]);
  const sorted = [...mine].sort((a, b) => b.openedAt.localeCompare(a.openedAt)).slice(0, 5);
  return (
    <Card
      title="Incidents"
      aside={
        <a class="small" href={`/incidents?service=${encodeURIComponent(service)}`}>
          All
        </a>
      }
    >
      {sorted.length === 0 ? (
        <p class="faint">{recent.error ? `Cannot be read: ${recent.error}` : recent.data ? 'None yet.' : 'Loading…'}</p>
      ) : (
        <ul class="plain-list">
          {sorted.map((i) => (
            <li key={i.id}>
              <a href={`/incidents/${i.id}`} class="line-link">
                <SeverityBadge severity={i.severity} />
                <span class="grow">{i.title}</span>
              </a>
              <span class="small faint">
                <StateBadge state={i.state} /> · <Lasting from={i.openedAt} to={i.resolvedAt} /> ·{' '}
                <At iso={i.openedAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Neighbour({ name, env }: { name: string; env: string }) {
  const target = targets.value.find((t) => t.service.name === name && t.env === env);
  if (!target) return <span>{name}</span>;
  const state = verdict(target);
  return (
    <a href={servicePath(env, name)} class="line-link">
      <span class="grow">{target.service.title}</span>
      <Status tone={state.tone} quiet>
        {state.word}
      </Status>
    </a>
  );
}

function Dependencies({ service, env }: { service: CatalogService; env: string }) {
  const callers = services.value.filter((s) => s.dependencies.includes(service.name));
  return (
    <Card title="Dependencies">
      <h3>Called by</h3>
      {callers.length === 0 ? <p class="faint small">Nothing in the catalog.</p> : null}
      <ul class="plain-list">
        {callers.map((s) => (
          <li key={s.name}>
            <Neighbour name={s.name} env={env} />
          </li>
        ))}
      </ul>
      <h3>Calls</h3>
      {service.dependencies.length === 0 ? <p class="faint small">Nothing in the catalog.</p> : null}
      <ul class="plain-list">
        {service.dependencies.map((d) => (
          <li key={d}>
            <Neighbour name={d} env={env} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Changes({ service, env }: { service: string; env: string }) {
  useEffect(() => watchChanges(service, env), [service, env]);
  const mine = changesOf(changes.value, service, env, environments.value).slice(0, 8);
  return (
    <Card title="Recent changes">
      {changesError.value && <p class="faint small gap-below">Not current: {changesError.value}</p>}
      {mine.length === 0 ? (
        <p class="faint">{changesError.value ? 'None known.' : 'None in the last 24 hours.'}</p>
      ) : (
        <ul class="plain-list">
          {mine.map((c) => (
            <li key={`${c.source}/${c.id}`}>
              <span class="change-mark" aria-hidden="true" />
              {c.summary}
              <span class="small faint">
                <Ago iso={c.time} /> · {c.source}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** A runbook that is an address is a link; one that is a heading of runbook.md is named, for the file lies with the code. */
export function RunbookLink({ runbook }: { runbook: string }) {
  const [file, section] = runbook.split('#', 2);
  return /^https?:\/\//.test(runbook) ? (
    <a href={runbook} target="_blank" rel="noopener noreferrer" class="line-link">
      <Icon name="external" size={14} />
      <span class="grow ellipsis">{runbook}</span>
    </a>
  ) : (
    <span class="line-link">
      <Icon name="note" size={14} />
      <span class="grow">
        {section && `“${words(section)}” in `}
        <code>{file}</code>
      </span>
    </span>
  );
}

function Runbook({ service }: { service: CatalogService }) {
  const ofRules = rules.value
    .filter(
      (r) => r.runbook && (r.services.length === 0 || r.services.includes('*') || r.services.includes(service.name)),
    )
    .map((r) => r.runbook!);
  const all = [...new Set([service.runbook, ...ofRules].filter((r): r is string => Boolean(r)))];
  return (
    <Card title="Runbook">
      {all.length === 0 ? (
        <p class="faint">
          None. Name one in the catalog: <code>runbook:</code>
        </p>
      ) : (
        <ul class="plain-list">
          {all.map((r) => (
            <li key={r}>
              <RunbookLink runbook={r} />
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
