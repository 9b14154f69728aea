import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { call, isRecord, itemsOf } from '../api/http';
import type { ActionItem } from '../api/types';
import { ActionItemTable } from '../components/action-items';
import { Status } from '../components/marks';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { plural } from '../lib/format';
import { useLoad } from '../lib/load';
import { dayOf, isOverdue } from '../lib/postmortem';
import { useTitle } from '../lib/title';
import { me, now } from '../state/store';

const STATES = [
  ['OPEN', 'Open'],
  ['DONE', 'Done'],
  ['DROPPED', 'Dropped'],
  ['', 'All'],
] as const;

async function read(state: string, owner: string, cursor: string | null) {
  const query = new URLSearchParams({ limit: '100' });
  if (state) query.set('state', state);
  if (owner) query.set('owner', owner);
  if (cursor) query.set('page', cursor);
  const body = await call('GET', `/bff/incident/api/v1/action-items?${query}`);
  const next = isRecord(body) && typeof body['next'] === 'string' ? body['next'] : null;
  return { items: itemsOf<ActionItem>(body), next };
}

/** What postmortems decided, until it is done. */
export function ActionItemsPage() {
  useTitle('Action items');
  const { query, route } = useLocation();
  const state = query['state'] ?? 'OPEN';
  const owner = query['owner'] ?? '';
  const list = useLoad(() => read(state, owner, null), [state, owner]);
  const [more, setMore] = useState<{ of: unknown; items: ActionItem[]; next: string | null } | null>(null);
  const extra = more && more.of === list.data ? more : null;
  const items = [...(list.data?.items ?? []), ...(extra?.items ?? [])];
  const next = extra ? extra.next : (list.data?.next ?? null);
  const mine = me.value?.name ?? '';
  const overdue = items.filter((i) => isOverdue(i, dayOf(now.value))).length;
  const go = (s: string, o: string) => {
    const q = new URLSearchParams();
    if (s !== 'OPEN') q.set('state', s);
    if (o) q.set('owner', o);
    route(`/action-items${q.size > 0 ? `?${q}` : ''}`);
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>Action items</h1>
        {overdue > 0 && <Status tone="bad">{overdue} overdue</Status>}
        <span class="spring" />
        <div class="segments" role="group" aria-label="State">
          {STATES.map(([value, title]) => (
            <button key={value} type="button" aria-pressed={state === value} onClick={() => go(value, owner)}>
              {title}
            </button>
          ))}
        </div>
        <button
          type="button"
          class="button small"
          aria-pressed={owner !== '' && owner === mine}
          onClick={() => go(state, owner === mine ? '' : mine)}
        >
          Mine only
        </button>
        <p class="lead">What postmortems decided, with an owner and a day, until it is done.</p>
      </header>
      {list.error && !list.data ? (
        <Failed what="The action items cannot be read" error={list.error} retry={list.reload} />
      ) : !list.data ? (
        <Skeleton rows={5} label="Loading the action items" />
      ) : (
        <Card class={`flush${list.error ? ' stale' : ''}`} label="Action items">
          {items.length === 0 ? (
            <Empty icon="ok" title={state === 'OPEN' ? 'Nothing is open' : 'None of these'}>
              They come from the postmortems of resolved incidents.
            </Empty>
          ) : (
            <ActionItemTable items={items} onChange={list.reload} linked />
          )}
        </Card>
      )}
      {next && (
        <div class="actions center">
          <button
            type="button"
            class="button"
            onClick={() =>
              void read(state, owner, next)
                .then((p) => setMore({ of: list.data, items: [...(extra?.items ?? []), ...p.items], next: p.next }))
                .catch(list.reload)
            }
          >
            Show more than {plural(items.length, 'item')}
          </button>
        </div>
      )}
    </div>
  );
}
