import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { call, isRecord, itemsOf, Problem } from '../api/http';
import type { Analysis, EscalationState, Incident, StatusUpdate, TimelineEntry } from '../api/types';
import { Assignee } from '../components/assignee';
import { Cause } from '../components/cause';
import { goldenSignal, SignalWindow } from '../components/evidence';
import { IncidentTabs } from '../components/incident-tabs';
import { IncidentTools } from '../components/incident-tools';
import { Lifecycle } from '../components/lifecycle';
import { Ago, At, Lasting, SeverityBadge, StateBadge, Status } from '../components/marks';
import { People, readPolicies } from '../components/people';
import { PublicUpdates } from '../components/public-updates';
import { RemediationList } from '../components/remediation-list';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { Tasks } from '../components/tasks';
import { Timeline } from '../components/timeline';
import { analysesIn, latest, readAnalysis } from '../lib/analysis';
import { words } from '../lib/format';
import { pageKeys } from '../lib/keys';
import { useLoad } from '../lib/load';
import { gradedBy, policyFor } from '../lib/people';
import { useRepairs } from '../lib/repair-log';
import { servicePath } from '../lib/service-path';
import { useSettled } from '../lib/settle';
import { useTitle } from '../lib/title';
import { listen, reconnected } from '../live/live';
import { acknowledge, reloadIncident } from '../state/actions';
import { loadChangesSoon } from '../state/changes';
import { did } from '../state/checklist';
import { entriesIn, incidentIn, mergeTimeline } from '../state/reducers';
import { incidents, readOnly, rules, services, takeIncident } from '../state/store';
import { RunbookLink } from './service';

async function readTimeline(id: string): Promise<readonly TimelineEntry[]> {
  let all: readonly TimelineEntry[] = [];
  let cursor: string | null = null;
  // Bounded: a timeline of more than 20 pages shows its beginning and what comes live.
  for (let i = 0; i < 20; i++) {
    const query: string = cursor ? `?page=${encodeURIComponent(cursor)}` : '';
    const body = await call('GET', `/bff/incident/api/v1/incidents/${encodeURIComponent(id)}/timeline${query}`);
    all = mergeTimeline(all, itemsOf<TimelineEntry>(body));
    cursor = isRecord(body) && typeof body['next'] === 'string' ? body['next'] : null;
    if (!cursor) break;
  }
  return all;
}

async function readAnalyses(id: string): Promise<Analysis[]> {
  const body = await call('GET', `/bff/analysis/api/v1/analyses?incident=${encodeURIComponent(id)}`);
  return itemsOf<Record<string, unknown>>(body).map((a) => readAnalysis(a));
}

/** Where the escalation stands; null where no policy covers the incident. */
async function readEscalation(id: string): Promise<EscalationState | null> {
  try {
    return (await call(
      'GET',
      `/bff/incident/api/v1/incidents/${encodeURIComponent(id)}/escalation`,
    )) as EscalationState;
  } catch (e) {
    if (e instanceof Problem && e.status === 404) return null;
    throw e;
  }
}

/** One incident: what is broken, since when, who is on it, the likely cause, the next step, everything that happened. */
export function IncidentPage(props: { id?: string }) {
  const id = props.id ?? '';
  return <Shown key={id} id={id} />;
}

function Shown({ id }: { id: string }) {
  const first = useLoad(() => reloadIncident(id), [id]);
  const incident = incidents.value.find((i) => i.id === id) ?? first.data;
  useTitle(incident ? `#${incident.number} ${incident.title}` : 'Incident');
  if (!incident) {
    return first.error ? (
      <div class="page">
        <header class="page-head">
          <h1>Incident</h1>
        </header>
        <Failed what="This incident cannot be read" error={first.error} retry={first.reload} />
      </div>
    ) : (
      <div class="page">
        <Skeleton rows={3} label="Loading the incident" />
        <Skeleton rows={8} label="Loading the analysis" />
      </div>
    );
  }
  return <Known incident={incident} stale={Boolean(first.error)} />;
}

function Known({ incident, stale }: { incident: Incident; stale: boolean }) {
  const { id } = incident;
  const [live, setLive] = useState<readonly TimelineEntry[]>([]);
  const stored = useLoad(() => readTimeline(id), [id]);
  const analyses = useLoad(() => readAnalyses(id), [id]);
  const remediations = useRepairs(id);
  const policies = useLoad(readPolicies, []);
  const covered = Boolean(policyFor(policies.data ?? [], incident));
  const escalation = useLoad(async () => (covered ? readEscalation(id) : null), [id, covered]);
  const updates = useLoad(
    async () =>
      itemsOf<StatusUpdate>(
        await call('GET', `/bff/incident/api/v1/incidents/${encodeURIComponent(id)}/status-updates`),
      ),
    [id],
  );
  const { version } = incident;
  const escalationSoon = useSettled(escalation.reload);
  const wholeSoon = useSettled(useCallback(() => void reloadIncident(id).catch(() => undefined), [id]));
  useEffect(() => {
    if (incident.partial) wholeSoon();
  }, [incident, wholeSoon]);
  const readFor = useRef(version);
  useEffect(() => {
    if (version !== readFor.current) escalationSoon();
    readFor.current = version;
  }, [version, escalationSoon]);

  useEffect(() => {
    const again = () => {
      escalation.reload();
      updates.reload();
      stored.reload();
      analyses.reload();
      remediations.reload();
      void reloadIncident(id).catch(() => undefined);
    };
    const stop = listen(`/topic/incidents.${id}`, {
      message: (body) => {
        const changed = incidentIn(body);
        if (changed) takeIncident(changed);
        const entries = entriesIn(body);
        setLive((l) => mergeTimeline(l, entries));
        if (entries.some((e) => e.kind === 'ANALYSIS')) analyses.reload();
        if (entries.some((e) => e.kind === 'REMEDIATION')) remediations.reload();
        if (entries.some((e) => e.kind === 'ESCALATION')) escalation.reload();
        if (entries.some((e) => e.kind === 'CHANGE_EVENT')) loadChangesSoon();
        // A change of state writes a draft, which the timeline does not tell of.
        if (entries.some((e) => e.kind === 'STATUS_UPDATE' || e.kind === 'STATE_CHANGED')) updates.reload();
      },
      missed: again,
    });
    reconnected.add(again);
    pageKeys.acknowledge = () => void acknowledge(id);
    return () => {
      stop();
      reconnected.delete(again);
      pageKeys.acknowledge = null;
    };
  }, [id, stored.reload, analyses.reload, remediations.reload, escalation.reload, updates.reload]);

  const timeline = stored.data ? mergeTimeline(stored.data, live) : live.length > 0 ? live : null;
  const analysis = latest(analyses.data && analyses.data.length > 0 ? analyses.data : analysesIn(timeline ?? []));
  const hasCause = Boolean(analysis && analysis.hypotheses.length > 0);
  useEffect(() => {
    if (hasCause) did('cause');
  }, [hasCause]);
  const own = (remediations.data?.list ?? []).filter((r) => r.incidentId === id);

  return (
    <div class={`page${stale || readOnly.value ? ' stale-data' : ''}`}>
      <Head incident={incident} />
      <IncidentTabs id={id} here="incident" />
      <Lifecycle incident={incident} timeline={timeline ?? []} />
      <div class="with-side wide-side">
        <div class="main-column">
          <Cause
            analysis={analysis}
            incident={incident}
            note={analyses.error ? `analysis-service cannot be asked: ${analyses.error}` : null}
          />
          <Signals incident={incident} />
          <div class="two-columns">
            <Tasks incident={incident} />
            <PublicUpdates incident={incident} updates={updates} />
          </div>
          <Card title="Remediation">
            {own.length > 0 ? (
              <>
                <RemediationList list={own} onChange={remediations.reload} />
                {remediations.data?.hasOlder && (
                  <div class="actions center">
                    <button type="button" class="button small" onClick={remediations.showOlder}>
                      Show older
                    </button>
                  </div>
                )}
              </>
            ) : (
              <p class="faint">{remediations.error ?? 'No playbook has acted on this incident.'}</p>
            )}
          </Card>
          <Runbooks incident={incident} />
        </div>
        <div class="side-column">
          <People
            incident={incident}
            escalation={escalation.data}
            policy={policies.data?.find((p) => p.name === escalation.data?.policy)}
          />
          <Timeline entries={timeline} error={stored.error} retry={stored.reload} incident={incident} />
        </div>
      </div>
    </div>
  );
}

function Head({ incident }: { incident: Incident }) {
  const title = services.value.find((s) => s.name === incident.service)?.title ?? incident.service;
  const resolved = incident.state === 'RESOLVED';
  const by = gradedBy(incident);
  return (
    <header class="incident-head">
      <div class="incident-line">
        <span>
          <SeverityBadge severity={incident.severity} />
          {by && <span class="faint small"> set by {by}</span>}
        </span>
        <StateBadge state={incident.state} />
        <span class="faint mono">#{incident.number}</span>
        {incident.recurrenceOf && (
          <a href={`/incidents/${incident.recurrenceOf}`} class="small">
            Happened before
          </a>
        )}
        {incident.flapping && <span class="badge warn">Flapping</span>}
      </div>
      <IncidentTools incident={incident} />
      <h1>{incident.title}</h1>
      <dl class="facts">
        <div>
          <dt>Service</dt>
          <dd>
            <a href={servicePath(incident.env, incident.service)}>{title}</a> <span class="faint">{incident.env}</span>
          </dd>
        </div>
        <div>
          <dt>{resolved ? 'Lasted' : 'For'}</dt>
          <dd>
            <strong>
              <Lasting from={incident.openedAt} to={incident.resolvedAt} />
            </strong>
          </dd>
        </div>
        <div>
          <dt>Since</dt>
          <dd>
            <At iso={incident.openedAt} />
          </dd>
        </div>
        <div>
          <dt>Assigned to</dt>
          <dd>
            <Assignee incident={incident} />
          </dd>
        </div>
      </dl>
    </header>
  );
}

function Signals({ incident }: { incident: Incident }) {
  const [open, setOpen] = useState<string | null>(incident.signals[0]?.fingerprint ?? null);
  return (
    <Card title="Signals" class="flush">
      {incident.partial && <p class="faint pad">Not all signals are shown as they are now; they are being read.</p>}
      {incident.signals.length === 0 ? (
        <p class="faint pad">Declared by hand, no signal has been gathered.</p>
      ) : (
        <ul class="signals">
          {incident.signals.map((s) => {
            const rule = rules.value.find((r) => r.name === s.rule);
            const golden = goldenSignal(rule?.signal) ?? guess(s.evidence?.expression);
            const fired = Date.parse(s.firedAt);
            const shown = open === s.fingerprint && golden;
            return (
              <li key={s.fingerprint}>
                <div class="signal-line">
                  {s.status === 'FIRING' ? <Status tone="bad">Firing</Status> : <Status tone="ok">Cleared</Status>}
                  <span class="grow">
                    {s.summary}
                    <span class="faint small block">
                      {s.service} · {s.rule} · {words(s.kind)} · fired <Ago iso={s.firedAt} />
                      {s.clearedAt && (
                        <>
                          , cleared <Ago iso={s.clearedAt} />
                        </>
                      )}
                    </span>
                  </span>
                  {golden && (
                    <button
                      type="button"
                      class="button small"
                      aria-expanded={Boolean(shown)}
                      onClick={() => setOpen(shown ? null : s.fingerprint)}
                    >
                      Chart
                    </button>
                  )}
                </div>
                {shown && (
                  <SignalWindow
                    service={s.service}
                    env={incident.env}
                    name={golden}
                    from={s.evidence?.from ? Date.parse(s.evidence.from) : fired - 30_000}
                    to={
                      s.clearedAt
                        ? Date.parse(s.clearedAt)
                        : Math.max(fired + 60_000, Date.parse(s.evidence?.to ?? s.firedAt))
                    }
                  />
                )}
              </li>
            );
          })}
        </ul>
      )}
    </Card>
  );
}

/** The golden signal that a rule's expression names, where the catalog's rules are not known. */
function guess(expression: string | undefined) {
  return goldenSignal(/\b(error_rate|latency_p\d\d|traffic|cpu|memory)\b/.exec(expression ?? '')?.[1]);
}

function Runbooks({ incident }: { incident: Incident }) {
  const names = new Set(incident.signals.map((s) => s.rule));
  const service = services.value.find((s) => s.name === incident.service);
  const all = [
    ...new Set(
      [...rules.value.filter((r) => names.has(r.name)).map((r) => r.runbook), service?.runbook].filter(
        (r): r is string => Boolean(r),
      ),
    ),
  ];
  return (
    <Card title="Runbook">
      {all.length === 0 ? (
        <Empty icon="note" title="No runbook is named">
          Add <code>runbook:</code> to the rule or the service in the catalog.
        </Empty>
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
