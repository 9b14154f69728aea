import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { call, isRecord, itemsOf } from '../api/http';
import type { AuditEntry } from '../api/types';
import { At, Status } from '../components/marks';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { TableScroll } from '../components/table-scroll';
import { daysBetween, outcomeWords, type Verdict, verdict } from '../lib/audit';
import { useLoad } from '../lib/load';
import { useTitle } from '../lib/title';
import { attempt } from '../state/actions';
import { can, me } from '../state/store';

interface Filters {
  actor: string;
  from: string;
  to: string;
}

interface Page {
  items: AuditEntry[];
  next: string | null;
}

async function read(f: Filters, cursor: string | null): Promise<Page> {
  const query = new URLSearchParams();
  if (f.actor) query.set('actor', f.actor);
  const time = daysBetween(f.from, f.to);
  if (time.from) query.set('from', time.from);
  if (time.to) query.set('to', time.to);
  if (cursor) query.set('page', cursor);
  const body = await call('GET', `/bff/incident/api/v1/audit?${query}`);
  return {
    items: itemsOf<AuditEntry>(body),
    next: isRecord(body) && typeof body['next'] === 'string' ? body['next'] : null,
  };
}

/** Who did what, when, from where. Nothing here can be changed, and the chain shows when somebody tried. */
export function AuditPage() {
  useTitle('Audit');
  const allowed = can('admin');
  if (me.value && !allowed)
    return (
      <Empty icon="shield" title="This page needs the role ADMIN">
        Ask an administrator. Your roles: {me.value.roles.join(', ')}.
      </Empty>
    );
  return allowed ? <Shown /> : <Skeleton rows={8} label="Loading the audit trail" />;
}

function Shown() {
  const { query, route } = useLocation();
  const filters: Filters = { actor: query['actor'] ?? '', from: query['from'] ?? '', to: query['to'] ?? '' };
  const key = JSON.stringify(filters);
  const first = useLoad(() => read(filters, null), [key]);
  const [more, setMore] = useState<({ key: string } & Page) | null>(null);
  const [chain, setChain] = useState<Verdict | null>(null);
  const [busy, setBusy] = useState(false);
  const extra = more?.key === key ? more : null;
  const items = [...(first.data?.items ?? []), ...(extra?.items ?? [])];
  const next = extra ? extra.next : (first.data?.next ?? null);
  const set = (name: keyof Filters, value: string) => {
    const q = new URLSearchParams(Object.entries({ ...filters, [name]: value }).filter(([, v]) => v));
    route(`/audit${q.size > 0 ? `?${q}` : ''}`);
  };
  const verify = async () => {
    setBusy(true);
    const answer = await attempt('The chain was not checked', () => call('GET', '/bff/incident/api/v1/audit/verify'));
    if (answer) setChain(verdict(answer));
    setBusy(false);
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>Audit</h1>
        {chain && <Status tone={chain.whole ? 'ok' : 'bad'}>{chain.text}</Status>}
        <span class="spring" />
        <div class="filters">
          <label>
            Who
            <input
              class="field"
              type="search"
              placeholder="user:ann"
              value={filters.actor}
              onChange={(e) => set('actor', e.currentTarget.value.trim())}
            />
          </label>
          <label>
            From
            <input
              class="field"
              type="date"
              value={filters.from}
              onChange={(e) => set('from', e.currentTarget.value)}
            />
          </label>
          <label>
            To
            <input class="field" type="date" value={filters.to} onChange={(e) => set('to', e.currentTarget.value)} />
          </label>
          <button type="button" class="button" disabled={busy} onClick={() => void verify()}>
            Check the chain
          </button>
        </div>
        <p class="lead">
          Who did what, when and from where, in incident-service. Entries are only added; each carries the hash of the
          one before.
        </p>
      </header>
      {first.error && !first.data ? (
        <Failed what="The audit trail cannot be read" error={first.error} retry={first.reload} />
      ) : !first.data ? (
        <Skeleton rows={8} label="Loading the audit trail" />
      ) : (
        <Card class={`flush${first.error ? ' stale' : ''}`} label="Audit trail">
          {items.length === 0 ? (
            <Empty icon="shield" title="Nothing was done in this time">
              Take another name or a longer time.
            </Empty>
          ) : (
            <Table items={items} />
          )}
        </Card>
      )}
      {next && (
        <div class="actions center">
          <button
            type="button"
            class="button"
            onClick={() =>
              void read(filters, next)
                .then((p) => setMore({ key, items: [...(extra?.items ?? []), ...p.items], next: p.next }))
                .catch(first.reload)
            }
          >
            Show older
          </button>
        </div>
      )}
    </div>
  );
}

function Table({ items }: { items: readonly AuditEntry[] }) {
  return (
    <TableScroll label="Audit trail">
      <table class="table stacked">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">Outcome</th>
            <th scope="col">From</th>
            <th scope="col">Hash</th>
          </tr>
        </thead>
        <tbody>
          {items.map((e) => (
            <tr key={e.seq}>
              <td class="num">
                <At iso={e.at} />
              </td>
              <th scope="row">{e.actor.replace(/^user:/, '')}</th>
              <td>
                {e.action}
                {e.subject && <span class="faint small block mono">{e.subject}</span>}
              </td>
              <td data-label="outcome">
                <Status tone={outcomeWords(e.outcome).tone} quiet>
                  {outcomeWords(e.outcome).text}
                </Status>
              </td>
              <td class="mono" data-label="from">
                {e.from ?? '–'}
              </td>
              <td class="mono faint" title={e.hash}>
                #{e.seq} {e.hash?.slice(0, 8)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
