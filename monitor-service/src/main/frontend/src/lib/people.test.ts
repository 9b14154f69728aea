import { describe, expect, it } from 'vitest';
import type { EscalationPolicy, EscalationState, Incident, StatusUpdate } from '../api/types';
import { covers, escalationWords, gradedBy, policyFor, policyLines, publicWord, updateOrder } from './people';

const POLICY: EscalationPolicy = {
  name: 'shop',
  services: ['checkout', 'storefront'],
  environments: ['prod'],
  severities: ['SEV1', 'SEV2'],
  steps: [
    { after: 'PT0S', rotation: 'shop', people: [] },
    { after: 'PT10M', rotation: 'shop', people: ['boss'], channel: 'discord' },
  ],
  repeat: 2,
  acknowledgeTimeout: 'PT30M',
};

const STATE: EscalationState = {
  policy: 'shop',
  state: 'WAITING',
  step: 1,
  round: 0,
  dueAt: '2026-03-02T10:10:00Z',
  muted: false,
  begun: true,
};

const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('an escalation policy', () => {
  it('reads as sentences', () => {
    expect(covers(POLICY)).toBe('checkout and storefront in prod (SEV1 and SEV2)');
    expect(policyLines(POLICY).map(plain)).toEqual([
      'At once: tell who is on call for shop.',
      '10 min later: tell who is on call for shop and boss on discord.',
      'Then again from the first step, 2 times more.',
      'Taken up, but nothing done for 30 min: begin anew.',
    ]);
  });

  it('is the first that fits the service, environment and severity', () => {
    const rest = { ...POLICY, name: 'rest', services: [], environments: [], severities: [] };
    const of = (service: string, severity: 'SEV1' | 'SEV4') =>
      policyFor([POLICY, rest], { service, env: 'prod', severity })?.name;
    expect(of('checkout', 'SEV1')).toBe('shop');
    expect(of('checkout', 'SEV4')).toBe('rest');
    expect(of('inventory', 'SEV1')).toBe('rest');
    expect(policyFor([POLICY], { service: 'inventory', env: 'prod', severity: 'SEV1' })).toBeUndefined();
  });

  it('that names nothing covers everything', () => {
    expect(covers({ ...POLICY, services: [], environments: [], severities: [] })).toBe('every service');
  });
});

describe('where an escalation stands', () => {
  it('says the next step and when it comes', () => {
    const words = escalationWords(STATE, POLICY);
    expect(plain(words.text)).toBe(
      'Step 2 of 2: tells who is on call for shop and boss on discord if nobody takes it up.',
    );
    expect(words.due).toBe(Date.parse('2026-03-02T10:10:00Z'));
  });

  it('never hides that nobody took it up', () => {
    expect(escalationWords({ ...STATE, state: 'EXHAUSTED', dueAt: null }, POLICY)).toMatchObject({ tone: 'bad' });
  });

  it('says how to stop what began again', () => {
    expect(escalationWords(STATE, POLICY, true).text).toContain('if nobody does anything: a note stops it.');
    expect(escalationWords({ ...STATE, state: 'EXHAUSTED', dueAt: null }, POLICY, true).text).toContain('A note');
  });

  it('is silent while it is muted, and without the policy still says the step', () => {
    expect(escalationWords({ ...STATE, muted: true }, POLICY).tone).toBe('idle');
    expect(escalationWords(STATE, undefined).text).toContain('Step 2');
  });
});

describe('status updates', () => {
  const update = (id: string, state: StatusUpdate['state'], at: string): StatusUpdate => ({
    id,
    state,
    status: 'investigating',
    body: id,
    createdAt: at,
    publishedAt: state === 'PUBLISHED' ? at : null,
    by: 'ann',
  });

  it('come drafts first, then the newest told', () => {
    const all = [
      update('old', 'PUBLISHED', '2026-03-02T10:00:00Z'),
      update('gone', 'DISCARDED', '2026-03-02T12:00:00Z'),
      update('new', 'PUBLISHED', '2026-03-02T11:00:00Z'),
      update('draft', 'DRAFT', '2026-03-02T09:00:00Z'),
    ];
    expect(all.sort(updateOrder).map((u) => u.id)).toEqual(['draft', 'new', 'old', 'gone']);
  });

  it("use Statuspage's four words", () => {
    expect(publicWord('ACKNOWLEDGED')).toBe('investigating');
    expect(publicWord('IDENTIFIED')).toBe('identified');
    expect(publicWord('MITIGATED')).toBe('monitoring');
    expect(publicWord('RESOLVED')).toBe('resolved');
  });
});

it('a severity by rule has no author', () => {
  const by = (severityBy: string | null | undefined) => gradedBy({ severityBy } as Incident);
  expect(by('rule')).toBeNull();
  expect(by(undefined)).toBeNull();
  expect(by('PERSON ann')).toBe('ann');
});
