import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { call, itemsOf } from '../api/http';
import type { Held, Mute } from '../api/types';
import { Dialog } from '../components/dialog';
import { Ago, At, Status, type Tone } from '../components/marks';
import { MuteDialog, path } from '../components/mute-form';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { TableScroll } from '../components/table-scroll';
import { notify } from '../components/toasts';
import { words } from '../lib/format';
import { useLoad } from '../lib/load';
import { coverage, isOver, type MuteForm, muteOrder, recurrence, typed } from '../lib/mutes';
import { useSettled } from '../lib/settle';
import { useTitle } from '../lib/title';
import { listen } from '../live/live';
import { attempt } from '../state/actions';
import { can, readOnly } from '../state/store';

/** What is over is shown for so long. */
const RECENT_MILLIS = 7 * 86_400_000;

async function readMutes(): Promise<Mute[]> {
  const both = await Promise.all(
    (['silence', 'maintenance'] as const).map(async (k) => itemsOf<Mute>(await call('GET', `${path(k)}?limit=200`))),
  );
  return both.flat().sort(muteOrder);
}

/** Who is not told of what, until when, and why. */
export function SilencesPage() {
  useTitle('Silences and maintenance');
  const { query, route } = useLocation();
  const mutes = useLoad(readMutes, []);
  const held = useLoad(async () => itemsOf<Held>(await call('GET', '/bff/incident/api/v1/muted')), []);
  const [ending, setEnding] = useState<Mute | null>(null);
  const [shown, setShown] = useState(false);
  const may = can('respond') && !readOnly.value;
  const reload = () => {
    mutes.reload();
    held.reload();
  };
  // Whatever changes about an incident can change whether it is muted.
  const heldSoon = useSettled(held.reload);
  useEffect(() => listen('/topic/incidents', { message: heldSoon, missed: heldSoon }), [heldSoon]);
  const all = mutes.data ?? [];
  const current = all.filter((m) => !isOver(m));
  const over = all.filter((m) => isOver(m) && Date.now() - Date.parse(m.endedAt ?? m.endsAt ?? '') < RECENT_MILLIS);
  const open = query['new'];
  const start: Partial<MuteForm> = {
    ...(open === 'maintenance' ? { kind: 'maintenance' as const } : {}),
    ...(query['service'] ? { services: typed(query['service']) } : {}),
    ...(query['env'] ? { environments: typed(query['env']) } : {}),
  };
  return (
    <div class="page">
      <header class="page-head">
        <h1>Silences and maintenance</h1>
        <span class="spring" />
        {may && (
          <>
            <a class="button" href="/silences?new=maintenance">
              New maintenance window…
            </a>
            <a class="button primary" href="/silences?new=silence">
              New silence…
            </a>
          </>
        )}
        <p class="lead">They mute pages, never records: the incident opens all the same, and its timeline says why.</p>
      </header>
      <MutedNow held={held} />
      {mutes.error && !mutes.data ? (
        <Failed what="The silences cannot be read" error={mutes.error} retry={reload} />
      ) : !mutes.data ? (
        <Skeleton rows={4} label="Loading the silences" />
      ) : (
        <Card
          title="Silences and windows"
          class={`flush${mutes.error ? ' stale' : ''}`}
          aside={
            over.length > 0 && (
              <button type="button" class="button small" aria-pressed={shown} onClick={() => setShown(!shown)}>
                Show {over.length} that ended
              </button>
            )
          }
        >
          {current.length === 0 && !shown ? (
            <Empty icon="bell" title="Nothing is silenced, no work is planned">
              Everybody is told of everything.
            </Empty>
          ) : (
            <Mutes list={shown ? [...current, ...over] : current} may={may} onEnd={setEnding} />
          )}
        </Card>
      )}
      {open && may && (
        <MuteDialog
          key={JSON.stringify(start)}
          start={start}
          onClose={() => route('/silences', true)}
          onDone={() => {
            route('/silences', true);
            reload();
          }}
        />
      )}
      {ending && (
        <End
          mute={ending}
          onClose={() => setEnding(null)}
          onDone={() => {
            setEnding(null);
            reload();
          }}
        />
      )}
    </div>
  );
}

const CAUSE: Record<Held['kind'], string> = {
  SILENCE: 'Silence',
  MAINTENANCE: 'Maintenance',
  INHIBITION: 'A dependency has failed',
};

function MutedNow({ held }: { held: ReturnType<typeof useLoad<Held[]>> }) {
  const list = held.data;
  return (
    <Card
      title="Muted now"
      class={`flush${list && list.length > 0 ? '' : ' quiet'}`}
      aside={list && list.length > 0 && <Status tone="warn">Nobody was told of {list.length}</Status>}
    >
      {held.error && !list ? (
        <p class="pad faint">It cannot be read what is muted: {held.error}</p>
      ) : !list ? (
        <p class="pad faint">Loading…</p>
      ) : list.length === 0 ? (
        <p class="pad faint">No open incident is muted: people have been told of all of them.</p>
      ) : (
        <TableScroll label="What is muted">
          <table class="table stacked">
            <thead>
              <tr>
                <th scope="col">Incident</th>
                <th scope="col">Muted by</th>
                <th scope="col">Since</th>
                <th scope="col">Until</th>
              </tr>
            </thead>
            <tbody>
              {list.map((h) => (
                <tr key={h.incident}>
                  <th scope="row">
                    <a href={`/incidents/${h.incident}`}>
                      #{h.number} {h.title}
                    </a>
                  </th>
                  <td>
                    {CAUSE[h.kind] ?? words(h.kind)}
                    <span class="faint small block">{h.why}</span>
                  </td>
                  <td class="num" data-label="since">
                    <Ago iso={h.since} />
                  </td>
                  <td class="num" data-label="until">
                    {h.until ? <At iso={h.until} /> : <span class="faint">not known</span>}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </Card>
  );
}

function stateOf(m: Mute): { tone: Tone; word: string } {
  if (isOver(m)) return { tone: 'idle', word: m.endedBy ? `Ended by ${m.endedBy}` : 'Over' };
  return m.active ? { tone: 'warn', word: 'In force' } : { tone: 'info', word: 'To come' };
}

function Mutes(props: { list: readonly Mute[]; may: boolean; onEnd: (m: Mute) => void }) {
  return (
    <TableScroll label="Silences and windows">
      <table class="table stacked">
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">What it covers</th>
            <th scope="col">When</th>
            <th scope="col">Why, by whom</th>
            {props.may && (
              <th scope="col">
                <span class="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {props.list.map((m) => (
            <tr key={m.id} class={isOver(m) ? 'over' : ''}>
              <td>
                <Status tone={stateOf(m).tone}>{stateOf(m).word}</Status>
              </td>
              <th scope="row">
                {coverage(m.matchers)}
                <span class="faint small block">{m.kind === 'SILENCE' ? 'Silence' : 'Maintenance window'}</span>
              </th>
              <td>
                <When mute={m} />
              </td>
              <td>
                {m.reason}
                <span class="faint small block">{m.author}</span>
              </td>
              {props.may && (
                <td class="right">
                  {!isOver(m) && (
                    <button type="button" class="button small" onClick={() => props.onEnd(m)}>
                      End…
                    </button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function When({ mute: m }: { mute: Mute }) {
  const weekly = recurrence(m);
  const span = m.active ?? m.next ?? (m.endsAt ? { from: m.startsAt, to: m.endedAt ?? m.endsAt } : null);
  return (
    <>
      {m.active ? (
        <>
          until <At iso={m.active.to} />
        </>
      ) : span ? (
        <>
          <At iso={span.from} /> to <At iso={span.to} />
        </>
      ) : (
        '–'
      )}
      {weekly && <span class="faint small block">{weekly}</span>}
    </>
  );
}

function End(props: { mute: Mute; onClose: () => void; onDone: () => void }) {
  const { mute: m } = props;
  const what = m.kind === 'SILENCE' ? 'silence' : 'maintenance window';
  const end = async () => {
    const done = await attempt(`The ${what} was not ended`, async () => {
      await call('DELETE', `${path(m.kind === 'SILENCE' ? 'silence' : 'maintenance')}/${m.id}`);
      return true;
    });
    if (!done) return;
    notify('ok', `The ${what} has ended.`);
    props.onDone();
  };
  return (
    <Dialog title={`End this ${what}`} onClose={props.onClose}>
      <p>
        <strong>{coverage(m.matchers)}</strong>: {m.reason}
      </p>
      <p>
        People are told of the incidents that it mutes and that still last.
        {m.recurring && ' It does not come again.'}
      </p>
      <div class="actions">
        <button type="button" class="button" onClick={props.onClose}>
          Cancel
        </button>
        <button type="button" class="button primary" onClick={() => void end()}>
          End it now
        </button>
      </div>
    </Dialog>
  );
}
