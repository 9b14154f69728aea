import { call, isRecord, Problem, sentence } from '../api/http';
import type { Incident, IncidentEvent, Run } from '../api/types';
import { notify } from '../components/toasts';
import { words } from '../lib/format';
import { incidents, takeIncident, takeRun } from './store';

/** What people do to incidents and runs. A refusal because the page was behind reloads the incident and says so. */

export async function reloadIncident(id: string): Promise<Incident> {
  const incident = (await call('GET', `/bff/incident/api/v1/incidents/${encodeURIComponent(id)}`)) as Incident;
  takeIncident(incident);
  return incident;
}

/** Does something; a failure is told in a sentence that begins with `failed`, and gives null. */
export async function attempt<T>(failed: string, run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch (e) {
    notify('bad', `${failed}: ${sentence(e)}`);
    return null;
  }
}

/** Changes an incident below its own address; true when it was done. The page has the newest state afterwards. */
export async function change(
  id: string,
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body: unknown,
  failed: string,
): Promise<boolean> {
  const url = `/bff/incident/api/v1/incidents/${encodeURIComponent(id)}/${path}`;
  const after = await attempt(failed, async () => (await call(method, url, body)) ?? {});
  if (isRecord(after) && after['id'] === id && Array.isArray(after['allowedEvents']))
    takeIncident(after as unknown as Incident);
  else await reloadIncident(id).catch(() => undefined);
  return after !== null;
}

/** The sentence for a 409; null when the failure is another one. */
export function conflict(error: unknown, event: IncidentEvent): string | null {
  if (!(error instanceof Problem) || error.status !== 409) return null;
  const allowed = error.body['allowed'];
  if (error.is('stale-version'))
    return 'Somebody else changed this incident first. It is reloaded: look, then decide again.';
  if (error.is('incident-resolved')) return 'This incident is resolved by now, nothing about it changes any more.';
  const now =
    Array.isArray(allowed) && allowed.length > 0 ? ` Possible now: ${allowed.map(String).map(words).join(', ')}.` : '';
  return `“${words(event)}” is not possible any more, the incident has moved on.${now}`;
}

export async function transition(incident: Incident, event: IncidentEvent, comment: string): Promise<boolean> {
  try {
    const after = await call('POST', `/bff/incident/api/v1/incidents/${incident.id}/transitions`, {
      event,
      comment: comment.trim() || null,
      version: incident.version,
    });
    if (isRecord(after)) takeIncident(after as unknown as Incident);
    const state =
      isRecord(after) && typeof after['state'] === 'string' ? words(after['state']).toLowerCase() : 'changed';
    notify('ok', `#${incident.number} is ${state}.`);
    return true;
  } catch (e) {
    const why = conflict(e, event);
    notify('bad', why ?? `“${words(event)}” failed: ${sentence(e)}`);
    if (why) await reloadIncident(incident.id).catch(() => undefined);
    return false;
  }
}

/** Acknowledges by key or button; does nothing when that is not possible now. */
export async function acknowledge(id: string): Promise<void> {
  const incident = incidents.value.find((i) => i.id === id);
  if (!incident?.allowedEvents.includes('ACKNOWLEDGE')) return;
  await transition(incident, 'ACKNOWLEDGE', '');
}

export async function startRun(experiment: string): Promise<Run | null> {
  try {
    const run = await call('POST', '/bff/chaos/api/v1/runs', { experiment });
    if (isRecord(run) && typeof run['id'] === 'string') takeRun(run as unknown as Run);
    notify('ok', `Experiment ${experiment} started.`);
    return run as Run;
  } catch (e) {
    notify('bad', `Experiment ${experiment} did not start: ${sentence(e)}`);
    return null;
  }
}

export async function stopRun(run: Run): Promise<void> {
  try {
    const after = await call('POST', `/bff/chaos/api/v1/runs/${run.id}/stop`);
    if (isRecord(after) && typeof after['id'] === 'string') takeRun(after as unknown as Run);
    notify('ok', `Stopping ${run.experiment}.`);
  } catch (e) {
    notify('bad', `Stopping failed: ${sentence(e)} The fault ends by itself at its deadline.`);
  }
}

export async function stopAll(): Promise<void> {
  try {
    await call('POST', '/bff/chaos/api/v1/runs/stop-all');
    notify('ok', 'All experiments are being stopped.');
  } catch (e) {
    notify('bad', `Stop all failed: ${sentence(e)} Every fault ends by itself within 10 s when chaos-service is gone.`);
  }
}
