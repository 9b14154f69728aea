import { useEffect, useState } from 'preact/hooks';
import { call, isRecord, itemsOf, Problem, readDocument } from '../api/http';
import type { Actor, Incident, Postmortem } from '../api/types';
import { ActionItemTable, ItemForm } from '../components/action-items';
import { Dialog } from '../components/dialog';
import { Icon } from '../components/icon';
import { IncidentTabs } from '../components/incident-tabs';
import { At, Lasting, SeverityBadge, StateBadge } from '../components/marks';
import { PostmortemSection } from '../components/postmortem-section';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { notify } from '../components/toasts';
import { download } from '../lib/download';
import { useLoad } from '../lib/load';
import { SECTIONS } from '../lib/postmortem';
import { useTitle } from '../lib/title';
import { listen } from '../live/live';
import { attempt, reloadIncident } from '../state/actions';
import { entriesIn } from '../state/reducers';
import { can, incidents, readOnly } from '../state/store';

interface Revision {
  revision: number;
  author: Actor;
  at: string;
}

/** What was learnt from an incident: read, edited section by section, exported; what people wrote is never overwritten. */
export function PostmortemPage(props: { id?: string }) {
  const id = props.id ?? '';
  return <Shown key={id} id={id} />;
}

const base = (id: string) => `/bff/incident/api/v1/incidents/${encodeURIComponent(id)}/postmortem`;

/** The postmortem, or the incident that has none yet. It is not asked for before the end: that would be a 404. */
async function read(id: string, revision: number | null): Promise<{ found: Postmortem | null; of: Incident | null }> {
  const of = await reloadIncident(id);
  if (of.state !== 'RESOLVED') return { found: null, of };
  try {
    const query = revision === null ? '' : `?revision=${revision}`;
    return { found: (await call('GET', base(id) + query)) as Postmortem, of };
  } catch (e) {
    if (e instanceof Problem && e.is('no-postmortem')) return { found: null, of };
    throw e;
  }
}

function Shown({ id }: { id: string }) {
  const [revision, setRevision] = useState<number | null>(null);
  const loaded = useLoad(() => read(id, revision), [id, revision]);
  const drafted = loaded.data?.found?.revision;
  const revisions = useLoad(
    async () =>
      drafted === undefined ? [] : itemsOf<Revision>(await call('GET', `${base(id)}/revisions`).catch(() => [])),
    [id, drafted],
  );
  const { reload } = loaded;
  const exists = loaded.data !== null;
  useEffect(() => {
    // Only of what there is: a destination that does not exist ends the whole live connection.
    if (!exists) return;
    // Drafted a moment after the resolution, or by somebody else just now.
    return listen(`/topic/incidents.${id}`, {
      message: (body) => {
        if (entriesIn(body).some((e) => e.data && 'postmortemRevision' in e.data)) reload();
      },
      missed: reload,
    });
  }, [id, exists, reload]);
  const p = loaded.data?.found;
  useTitle(p ? `Postmortem of #${p.number}` : 'Postmortem');
  if (!p) {
    const of = loaded.data && (incidents.value.find((i) => i.id === id) ?? loaded.data.of);
    return (
      <div class="page">
        {of ? <HeadBefore incident={of} /> : <h1>Postmortem</h1>}
        <IncidentTabs id={id} here="postmortem" />
        {loaded.error ? (
          <Failed what="The postmortem cannot be read" error={loaded.error} retry={loaded.reload} />
        ) : !loaded.data ? (
          <Skeleton rows={8} label="Loading the postmortem" />
        ) : (
          <Card label="Postmortem">
            <Empty icon="note" title="There is no postmortem yet">
              {of?.state === 'RESOLVED'
                ? 'The incident has just been resolved: it is being drafted from the timeline.'
                : 'It is drafted from the timeline when the incident resolves.'}
            </Empty>
          </Card>
        )}
      </div>
    );
  }
  const old =
    revision !== null && revisions.data !== null && revision < Math.max(...revisions.data.map((r) => r.revision));
  const may = can('respond') && !readOnly.value && !old;
  return (
    <div class={`page${loaded.error ? ' stale-data' : ''}`}>
      <Head postmortem={p} revisions={revisions.data ?? []} onRevision={setRevision} reload={loaded.reload} may={may} />
      <IncidentTabs id={id} here="postmortem" />
      {old && (
        <div class="inset warn" role="status">
          <Icon name="clock" />
          <p>
            This is revision {p.revision}, not the newest.{' '}
            <button type="button" class="link" onClick={() => setRevision(null)}>
              Back to the newest
            </button>
          </p>
        </div>
      )}
      <div class="postmortem">
        {SECTIONS.map((s) => (
          <PostmortemSection
            key={s.name}
            postmortem={p}
            section={s}
            may={may}
            save={(edit) => save(id, edit)}
            newest={async () => (await read(id, null)).found}
            onSaved={(saved) => loaded.set({ found: saved, of: null })}
          />
        ))}
        <Items postmortem={p} reload={loaded.reload} />
      </div>
    </div>
  );
}

async function save(id: string, edit: { revision: number; sections: Record<string, string> }): Promise<Postmortem> {
  return (await call('PUT', base(id), edit)) as Postmortem;
}

function HeadBefore({ incident }: { incident: Incident }) {
  return (
    <header class="incident-head">
      <div class="incident-line">
        <SeverityBadge severity={incident.severity} />
        <StateBadge state={incident.state} />
        <span class="faint mono">#{incident.number}</span>
        <span class="faint">
          {incident.service} · {incident.env}
        </span>
      </div>
      <h1>{incident.title}</h1>
    </header>
  );
}

function Head(props: {
  postmortem: Postmortem;
  revisions: readonly Revision[];
  onRevision: (revision: number | null) => void;
  reload: () => void;
  may: boolean;
}) {
  const { postmortem: p } = props;
  const [asking, setAsking] = useState(false);
  const newest = Math.max(p.revision, ...props.revisions.map((r) => r.revision));
  const redraft = async () => {
    const after = await attempt('It was not drafted again', () => call('POST', `${base(p.incident)}/redraft`, {}));
    setAsking(false);
    if (isRecord(after)) notify('ok', 'Drafted again. What people wrote is as it was.');
    props.reload();
  };
  const markdown = async () => {
    const query = p.revision === newest ? '' : `?revision=${p.revision}`;
    const text = await attempt('The export failed', () => readDocument(base(p.incident) + query, 'text/markdown'));
    if (text !== null) download(`postmortem-${p.number}.md`, 'text/markdown', text);
  };
  return (
    <header class="incident-head">
      <div class="incident-line">
        <SeverityBadge severity={p.severity} />
        <span class="faint mono">#{p.number}</span>
        <span class="faint">
          {p.service} · {p.env}
        </span>
      </div>
      <div class="tools">
        <label class="inline-label">
          Revision
          <select
            class="field small-field"
            value={p.revision}
            onChange={(e) => {
              const r = Number(e.currentTarget.value);
              props.onRevision(r === newest ? null : r);
            }}
          >
            {(props.revisions.length > 0 ? props.revisions : [p])
              .toSorted((a, b) => b.revision - a.revision)
              .map((r) => (
                <option key={r.revision} value={r.revision}>
                  {r.revision} · {r.author.name}
                </option>
              ))}
          </select>
        </label>
        {props.may && (
          <button type="button" class="button small" onClick={() => setAsking(true)}>
            Draft again…
          </button>
        )}
        <button type="button" class="button small" onClick={() => void markdown()}>
          <Icon name="download" size={13} /> Markdown
        </button>
      </div>
      <h1>{p.title}</h1>
      <p class="faint small">
        <At iso={p.openedAt} />
        {p.resolvedAt && (
          <>
            , lasted <Lasting from={p.openedAt} to={p.resolvedAt} />
          </>
        )}{' '}
        · revision {p.revision} by {p.author.name}, <At iso={p.at} />
      </p>
      {asking && (
        <Dialog title="Draft it again" onClose={() => setAsking(false)}>
          <p>
            The sections that nobody has touched are written anew from what is recorded by now. What people wrote stays
            as it is.
          </p>
          <div class="actions">
            <button type="button" class="button" onClick={() => setAsking(false)}>
              Cancel
            </button>
            <button type="button" class="button primary" onClick={() => void redraft()}>
              Draft again
            </button>
          </div>
        </Dialog>
      )}
    </header>
  );
}

function Items({ postmortem: p, reload }: { postmortem: Postmortem; reload: () => void }) {
  const [adding, setAdding] = useState(false);
  const may = can('respond') && !readOnly.value;
  return (
    <Card
      title="Action items"
      class="flush"
      aside={
        may && (
          <button type="button" class="button small" onClick={() => setAdding(true)}>
            Add…
          </button>
        )
      }
    >
      {p.actionItems.length === 0 ? (
        <p class="faint pad">Nothing is to be done yet. What would keep it from happening again?</p>
      ) : (
        <ActionItemTable items={p.actionItems} onChange={reload} />
      )}
      {adding && (
        <ItemForm
          title="Add an action item"
          item={null}
          onClose={() => setAdding(false)}
          send={(body) => call('POST', `/bff/incident/api/v1/incidents/${p.incident}/action-items`, body)}
          onDone={() => {
            setAdding(false);
            reload();
          }}
        />
      )}
    </Card>
  );
}
