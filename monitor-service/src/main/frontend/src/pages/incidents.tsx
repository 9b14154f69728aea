import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { call, isRecord, itemsOf } from '../api/http';
import type { Incident, Severity } from '../api/types';
import { DeclareButton } from '../components/declare';
import { focusedIncident, IncidentRow } from '../components/incident-row';
import { Status } from '../components/marks';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import type { Declaration } from '../lib/declare';
import { clock, words } from '../lib/format';
import { pageKeys } from '../lib/keys';
import { useLoad } from '../lib/load';
import { useTitle } from '../lib/title';
import { acknowledge } from '../state/actions';
import { isOf } from '../state/reducers';
import { incidents, incidentsAsOf, now, readOnly, services } from '../state/store';

const STATES = ['OPEN', 'ACKNOWLEDGED', 'INVESTIGATING', 'IDENTIFIED', 'MITIGATED', 'RESOLVED'];
const SEVERITIES: Severity[] = ['SEV1', 'SEV2', 'SEV3', 'SEV4'];
const FILTERS = ['state', 'severity', 'service', 'env'] as const;
type Filters = Partial<Record<(typeof FILTERS)[number], string>>;

/** Whether an incident passes the filters; the same rule as the server's, for what comes live. */
export function passes(incident: Incident, filters: Filters): boolean {
  return FILTERS.every((f) => {
    const wanted = filters[f];
    return !wanted || (f === 'service' ? isOf(incident, wanted) : incident[f] === wanted);
  });
}

/** What a declaration begins with: what the list is filtered by. */
function startOf(filters: Filters): Partial<Declaration> {
  const { service, env } = filters;
  const severity = SEVERITIES.find((s) => s === filters.severity);
  return { ...(service ? { service } : {}), ...(env ? { env } : {}), ...(severity ? { severity } : {}) };
}

interface Page {
  items: Incident[];
  next: string | null;
}

async function read(filters: Filters, cursor: string | null): Promise<Page> {
  const query = new URLSearchParams();
  for (const f of FILTERS) if (filters[f]) query.set(f, filters[f]);
  if (cursor) query.set('page', cursor);
  const body = await call('GET', `/bff/incident/api/v1/incidents?${query}`);
  return {
    items: itemsOf<Incident>(body),
    next: isRecord(body) && typeof body['next'] === 'string' ? body['next'] : null,
  };
}

/** All incidents, newest first, open ones live. */
export function IncidentsPage() {
  useTitle('Incidents');
  const { query, route } = useLocation();
  const filters: Filters = {};
  for (const f of FILTERS) if (query[f]) filters[f] = query[f];
  const key = JSON.stringify(filters);
  const first = useLoad(() => read(filters, null), [key]);
  const [more, setMore] = useState<{ key: string; items: Incident[]; next: string | null } | null>(null);

  useEffect(() => {
    pageKeys.acknowledge = () => {
      const id = focusedIncident();
      if (id) void acknowledge(id);
    };
    return () => {
      pageKeys.acknowledge = null;
    };
  }, []);

  const change = (name: string, value: string) => {
    const next = new URLSearchParams({ ...filters, [name]: value });
    if (!value) next.delete(name);
    route(`/incidents${next.size > 0 ? `?${next}` : ''}`);
  };

  const extra = more?.key === key ? more : null;
  const byId = new Map<string, Incident>();
  // What is known live is newer than any page; pages only add what it does not have.
  for (const i of [...(first.data?.items ?? []), ...(extra?.items ?? [])]) byId.set(i.id, i);
  for (const i of incidents.value) {
    const known = byId.get(i.id);
    if (!known || known.version <= i.version) byId.set(i.id, i);
  }
  const list = [...byId.values()]
    .filter((i) => passes(i, filters))
    .sort((a, b) => b.openedAt.localeCompare(a.openedAt));
  const next = extra ? extra.next : (first.data?.next ?? null);
  const loadMore = async () => {
    const page = await read(filters, next);
    setMore({ key, items: [...(extra?.items ?? []), ...page.items], next: page.next });
  };
  const filtered = Object.keys(filters).length > 0;
  const envs = [...new Set(services.value.flatMap((s) => s.environments))];

  return (
    <div class="page">
      <header class="page-head">
        <h1>Incidents</h1>
        <DeclareButton primary start={startOf(filters)} />
        <span class="spring" />
        <div class="filters">
          <Filter label="State" name="state" all={STATES} value={filters.state} onChange={change} />
          <Filter label="Severity" name="severity" all={SEVERITIES} value={filters.severity} onChange={change} />
          <Filter
            label="Service"
            name="service"
            all={services.value.map((s) => s.name)}
            value={filters.service}
            onChange={change}
          />
          {envs.length > 1 && (
            <Filter label="Environment" name="env" all={envs} value={filters.env} onChange={change} />
          )}
          {filtered && (
            <a class="button ghost small" href="/incidents">
              Clear
            </a>
          )}
        </div>
      </header>
      {first.error && list.length === 0 ? (
        <Failed what="The incidents cannot be read" error={first.error} retry={first.reload} />
      ) : !first.data && list.length === 0 ? (
        <Skeleton rows={6} label="Loading the incidents" />
      ) : (
        <Card
          class={`flush${first.error ? ' stale' : ''}`}
          label="Incidents"
          aside={
            first.error &&
            incidentsAsOf.value && (
              <Status tone="idle" quiet>
                Only the copy of {clock(Date.parse(incidentsAsOf.value), now.value)} is shown
              </Status>
            )
          }
        >
          {list.length === 0 ? (
            <Empty icon="ok" title={filtered ? 'No incident matches' : 'No incidents yet'}>
              {filtered ? (
                <a href="/incidents">Show all</a>
              ) : (
                <>
                  Nothing has gone wrong. To see one, run an experiment on the <a href="/chaos">chaos page</a>.
                </>
              )}
            </Empty>
          ) : (
            <ul class="incident-list">
              {list.map((i) => (
                <IncidentRow key={i.id} incident={i} actions={!readOnly.value} />
              ))}
            </ul>
          )}
        </Card>
      )}
      {next && (
        <div class="actions center">
          <button type="button" class="button" onClick={() => void loadMore().catch(first.reload)}>
            Show older
          </button>
        </div>
      )}
    </div>
  );
}

function Filter(props: {
  label: string;
  name: string;
  all: readonly string[];
  value: string | undefined;
  onChange: (name: string, value: string) => void;
}) {
  return (
    <label>
      {props.label}
      <select
        class="field"
        value={props.value ?? ''}
        onChange={(e) => props.onChange(props.name, e.currentTarget.value)}
      >
        <option value="">All</option>
        {props.all.map((v) => (
          <option key={v} value={v}>
            {/^[A-Z]+$/.test(v) ? words(v) : v}
          </option>
        ))}
      </select>
    </label>
  );
}
