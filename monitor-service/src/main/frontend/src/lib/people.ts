import type {
  EscalationPolicy,
  EscalationState,
  Incident,
  PublicWord,
  ResponderRole,
  StatusUpdate,
} from '../api/types';
import { duration, durationMillis } from './format';

/** Who works on an incident and who is told, in words. Pure. */

export const ROLE_WORDS: Record<ResponderRole, string> = {
  INCIDENT_COMMANDER: 'Incident commander',
  SCRIBE: 'Scribe',
  RESPONDER: 'Responder',
};

export const ROLES = Object.keys(ROLE_WORDS) as ResponderRole[];

export const PUBLIC_WORDS: Record<PublicWord, string> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
};

/** What the public would be told of the incident's state. */
export function publicWord(state: Incident['state']): PublicWord {
  if (state === 'IDENTIFIED') return 'identified';
  if (state === 'MITIGATED') return 'monitoring';
  return state === 'RESOLVED' ? 'resolved' : 'investigating';
}

/** Drafts first, then the newest; what was discarded last. */
export function updateOrder(a: StatusUpdate, b: StatusUpdate): number {
  const rank = { DRAFT: 0, PUBLISHED: 1, DISCARDED: 2 };
  const at = (u: StatusUpdate) => u.publishedAt ?? u.createdAt;
  return rank[a.state] - rank[b.state] || at(b).localeCompare(at(a));
}

/** Who said how bad it is: a person's name; null for a rule. */
export function gradedBy(incident: Incident): string | null {
  const by = incident.severityBy;
  if (!by || by === 'rule') return null;
  return by.replace(/^PERSON\s+(?:user:)?/, '') || null;
}

const list = (words: readonly string[], join = 'and'): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${join} ${words.at(-1)}`;

/** For what a policy is: "checkout in prod, SEV1 and SEV2". */
export function covers(policy: EscalationPolicy): string {
  const parts = [
    policy.services.length > 0 ? list(policy.services) : 'every service',
    policy.environments.length > 0 ? `in ${list(policy.environments)}` : '',
    policy.severities.length > 0 ? `(${list(policy.severities)})` : '',
  ];
  return parts.filter(Boolean).join(' ');
}

/** The first policy that is for such an incident; without one nothing escalates, and nothing need be asked. */
export function policyFor(
  policies: readonly EscalationPolicy[],
  incident: Pick<Incident, 'service' | 'env' | 'severity'>,
): EscalationPolicy | undefined {
  const fits = <T>(all: readonly T[], one: T) => all.length === 0 || all.includes(one);
  return policies.find(
    (p) =>
      fits(p.services, incident.service) && fits(p.environments, incident.env) && fits(p.severities, incident.severity),
  );
}

function span(iso: string): string {
  const millis = durationMillis(iso);
  return Number.isFinite(millis) ? duration(millis) : iso;
}

/** Whom a step tells. */
export function told(step: EscalationPolicy['steps'][number]): string {
  const who = [...(step.rotation ? [`who is on call for ${step.rotation}`] : []), ...step.people];
  const where = step.channel ? ` on ${step.channel}` : '';
  return `${who.length > 0 ? list(who) : 'the channel'}${where}`;
}

/** A policy as sentences, one a line. */
export function policyLines(policy: EscalationPolicy): string[] {
  const lines = policy.steps.map((s, i) => {
    const after = durationMillis(s.after);
    const when =
      after === 0
        ? i === 0
          ? 'At once'
          : 'At the same time'
        : `${span(s.after)} ${i === 0 ? 'after the opening' : 'later'}`;
    return `${when}: tell ${told(s)}.`;
  });
  if (policy.repeat > 0)
    lines.push(`Then again from the first step, ${policy.repeat === 1 ? 'once' : `${policy.repeat} times`} more.`);
  if (durationMillis(policy.acknowledgeTimeout) > 0)
    lines.push(`Taken up, but nothing done for ${span(policy.acknowledgeTimeout)}: begin anew.`);
  return lines;
}

/**
 * Where an escalation stands, and when the next thing happens (milliseconds; null: nothing is due).
 * `taken`: somebody acknowledged the incident before, so that whatever a person does now stops it.
 */
export function escalationWords(
  e: EscalationState,
  policy: EscalationPolicy | undefined,
  taken = false,
): { text: string; due: number | null; tone: 'ok' | 'warn' | 'bad' | 'idle' } {
  const due = e.dueAt ? Date.parse(e.dueAt) : null;
  const next = policy?.steps[e.step];
  if (e.state === 'STOPPED') return { text: 'Over: somebody took it up, or it is mitigated.', due: null, tone: 'ok' };
  if (e.state === 'EXHAUSTED')
    return {
      text: taken
        ? 'Every step was done and nobody did anything. A note takes it up again.'
        : 'Every step was done and nobody took it up.',
      due: null,
      tone: 'bad',
    };
  if (e.state === 'ACKNOWLEDGED')
    return { text: due === null ? 'Taken up.' : 'Taken up; begins anew if nothing is done.', due, tone: 'ok' };
  if (e.muted) return { text: 'Muted: nobody is told until that ends.', due, tone: 'idle' };
  const round = e.round > 0 ? `, round ${e.round + 1}` : '';
  return {
    text: `Step ${e.step + 1}${policy ? ` of ${policy.steps.length}` : ''}${round}: ${
      next ? `tells ${told(next)}` : 'is next'
    } ${taken ? 'if nobody does anything: a note stops it.' : 'if nobody takes it up.'}`,
    due,
    tone: 'warn',
  };
}
