import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Health } from '../api/types';
import { CatalogFile } from '../components/catalog-file';
import { useDeclaring } from '../components/declare';
import { Icon } from '../components/icon';
import { focusedIncident, IncidentRow } from '../components/incident-row';
import { At, Hidden, healthTone, Status } from '../components/marks';
import { ServiceTable } from '../components/service-table';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { clock } from '../lib/format';
import { pageKeys } from '../lib/keys';
import { useTitle } from '../lib/title';
import { acknowledge } from '../state/actions';
import { checklist, hideChecklist, observe, STEPS } from '../state/checklist';
import {
  health,
  incidents,
  incidentsUnsureSince,
  listedTargets,
  load,
  loadError,
  loaded,
  now,
  openIncidents,
  partName,
} from '../state/store';

/** So many open incidents at most, the worst: more nobody reads here, and the page would be slow. */
const SHOWN = 50;

/** What is broken, since when, who is on it; then every service, live. */
export function OverviewPage() {
  const open = openIncidents.value;
  useTitle(open.length > 0 ? `(${open.length}) Overview` : 'Overview');
  useEffect(() => {
    pageKeys.acknowledge = () => {
      const id = focusedIncident() ?? (openIncidents.value.length === 1 ? openIncidents.value[0]!.id : null);
      if (id) void acknowledge(id);
    };
    return () => {
      pageKeys.acknowledge = null;
    };
  }, []);

  if (!loaded.value) {
    return loadError.value ? (
      <Failed what="The overview cannot be loaded" error={loadError.value} retry={() => void load()} />
    ) : (
      <div class="page">
        <Skeleton rows={3} label="Loading the overview" />
        <Skeleton rows={6} label="Loading the services" />
      </div>
    );
  }
  return (
    <div class="page">
      <h1 class="visually-hidden">Overview</h1>
      <OpenIncidents />
      <Checklist />
      <Card
        title="Services"
        aside={<span class="faint small">{listedTargets.value.shown.length > 0 && 'Last 5 minutes'}</span>}
        class="flush"
      >
        {listedTargets.value.shown.length === 0 ? (
          <Empty icon="overview" title="No services yet">
            A service is here with its first sample, or when it is named under <code>services:</code> in <CatalogFile />
            . It is reloaded by itself.
          </Empty>
        ) : (
          <ServiceTable />
        )}
      </Card>
      <Parts />
    </div>
  );
}

function OpenIncidents() {
  const declaring = useDeclaring();
  const button = declaring.button({ small: true });
  return (
    <>
      {openIncidents.value.length === 0 ? <AllClear button={button} /> : <OpenOnes button={button} />}
      {declaring.dialog}
    </>
  );
}

function AllClear({ button }: { button: ComponentChildren }) {
  const lastResolved = incidents.value
    .filter((i) => i.resolvedAt)
    .sort((a, b) => (b.resolvedAt ?? '').localeCompare(a.resolvedAt ?? ''))[0];
  const copy = incidentsUnsureSince.value;
  const unsure = copy !== null;
  return (
    <section class="all-clear" aria-label="Open incidents">
      <Status tone={unsure ? 'idle' : 'ok'}>
        <strong>{unsure ? 'No open incident was known' : 'No open incidents'}</strong>
      </Status>
      <span class="faint">
        {unsure && copy > 0 && <>Copy of {clock(copy, now.value)}. </>}
        {lastResolved && (
          <>
            Last:{' '}
            <a href={`/incidents/${lastResolved.id}`}>
              #{lastResolved.number} {lastResolved.title}
            </a>
            , resolved <At iso={lastResolved.resolvedAt} />
          </>
        )}
      </span>
      <span class="spring" />
      {button}
    </section>
  );
}

function OpenOnes({ button }: { button: ComponentChildren }) {
  const open = openIncidents.value;
  const copy = incidentsUnsureSince.value;
  return (
    <Card
      title={
        <>
          Open incidents <span class="count bad">{open.length}</span>
        </>
      }
      aside={
        <>
          {copy ? (
            <Status tone="idle" quiet>
              Copy of {clock(copy, now.value)}
            </Status>
          ) : (
            <a href="/incidents" class="small">
              All incidents
            </a>
          )}
          {button}
        </>
      }
      class={`flush alarm${copy !== null ? ' stale' : ''}`}
    >
      <ul class="incident-list">
        {open.slice(0, SHOWN).map((i) => (
          <IncidentRow key={i.id} incident={i} actions />
        ))}
      </ul>
      {open.length > SHOWN && (
        <p class="more-left">
          {open.length - SHOWN} more, none of them worse. <a href="/incidents">Show all</a>
        </p>
      )}
    </Card>
  );
}

function Checklist() {
  const { done, hidden } = checklist.value;
  // Read, so that it looks again every second.
  now.value;
  useEffect(() => observe());
  if (hidden || done.length === STEPS.length) return null;
  const next = STEPS.find((s) => !done.includes(s.name));
  return (
    <section class="checklist" aria-label="First steps">
      <header>
        <h2>First steps</h2>
        <span class="faint small">
          {done.length} of {STEPS.length}
        </span>
        <span class="spring" />
        <button type="button" class="button ghost small" onClick={hideChecklist}>
          Hide
        </button>
      </header>
      <ol>
        {STEPS.map((s, i) => {
          const ready = done.includes(s.name);
          return (
            <li key={s.name} class={ready ? 'done' : s === next ? 'next' : ''}>
              <a href={s.href}>
                <span class="step-mark" aria-hidden="true">
                  {ready ? <Icon name="check" size={13} /> : i + 1}
                </span>
                <span>
                  <span class="step-title">
                    {s.title}
                    {ready && <Hidden> (done)</Hidden>}
                  </span>
                  <span class="faint small">{s.text}</span>
                </span>
              </a>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Parts() {
  const parts = health.value.filter((h) => h.kind === 'watchtower');
  if (parts.length === 0) return null;
  return (
    <Card title="Watchtower itself" class="flush">
      <ul class="parts">
        {parts.map((p) => (
          <Part key={p.name} part={p} />
        ))}
      </ul>
    </Card>
  );
}

const STATE_WORD = { UP: 'Up', DOWN: 'Down', UNKNOWN: 'Unknown' } as const;

function Part({ part }: { part: Health }) {
  return (
    <li class={`part ${part.state === 'DOWN' ? 'down' : ''}`} title={part.detail ?? undefined}>
      <Status tone={healthTone(part.state)}>
        <strong>{partName(part.name)}</strong>
      </Status>
      <span class="faint small num">
        {STATE_WORD[part.state] ?? part.state}
        {part.state === 'DOWN' && part.since ? (
          <>
            {' since '}
            <At iso={part.since} />
          </>
        ) : (
          typeof part.latencyMillis === 'number' && <> · {Math.round(part.latencyMillis)} ms</>
        )}
      </span>
    </li>
  );
}
