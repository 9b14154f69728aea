import { describe, expect, it } from 'vitest';
import type { Analysis, TimelineEntry } from '../api/types';
import { analysesIn, choices, disagreement, isByChoice, latest, readAnalysis, stepper } from './analysis';

const entry = (seq: number, kind: TimelineEntry['kind'], data: Record<string, unknown>): TimelineEntry => ({
  seq,
  ts: `t${seq}`,
  kind,
  actor: { type: 'PERSON', name: 'ann' },
  summary: '',
  data,
});

const analysis = (extra: Partial<Analysis>): Analysis => ({ ...readAnalysis({ id: 'a' }), ...extra });

it('offers only what a person may send, the next step first', () => {
  expect(choices(['DISMISS', 'RECOVER', 'INVESTIGATE', 'ACKNOWLEDGE'])).toEqual([
    'ACKNOWLEDGE',
    'INVESTIGATE',
    'DISMISS',
  ]);
  expect(choices([])).toEqual([]);
});

describe('the stepper', () => {
  it('tells passed, skipped and coming states apart', () => {
    const steps = stepper('INVESTIGATING', 't0', [entry(1, 'STATE_CHANGED', { from: 'OPEN', to: 'INVESTIGATING' })]);
    expect(steps.map((s) => s.phase)).toEqual(['past', 'skipped', 'now', 'ahead', 'ahead', 'ahead']);
    expect(steps.map((s) => s.at)).toEqual(['t0', null, 't1', null, null, null]);
  });
  it('forgets what a regression took back', () => {
    const steps = stepper('INVESTIGATING', 't0', [
      entry(1, 'STATE_CHANGED', { to: 'MITIGATED' }),
      entry(2, 'STATE_CHANGED', { to: 'INVESTIGATING' }),
    ]);
    expect(steps[4]).toEqual({ state: 'MITIGATED', at: null, phase: 'ahead' });
  });
});

describe('the analysis', () => {
  it('is the newest that is done', () => {
    const all = [
      analysis({ id: 'old', createdAt: '1' }),
      analysis({ id: 'new', createdAt: '2' }),
      analysis({ id: 'running', createdAt: '3', status: 'RUNNING' }),
    ];
    expect(latest(all)?.id).toBe('new');
    expect(latest([])).toBeNull();
  });
  it('is found in the timeline, in both forms', () => {
    const data = { hypotheses: [{ rank: 2 }, { rank: 1 }] };
    const found = analysesIn([
      entry(1, 'ANALYSIS', data),
      entry(2, 'ANALYSIS', { analysis: data }),
      entry(3, 'ANNOTATION', data),
    ]);
    expect(found).toHaveLength(2);
    expect(found[0]!.hypotheses.map((h) => h.rank)).toEqual([1, 2]);
    expect(found[0]!.evidence).toEqual([]);
  });
  it('says when model and statistics disagree', () => {
    const two = analysis({
      source: 'LLM',
      candidates: [{ service: 'inventory', signal: 'cpu', score: 3, evidence: [] }],
      hypotheses: [{ rank: 1, statement: 's', confidence: 1, evidence: ['e1'] }],
      evidence: [{ id: 'e1', kind: 'CHANGE', service: 'checkout', summary: '' }],
    });
    expect(disagreement(two)).toContain('checkout');
    expect(disagreement({ ...two, source: 'STATISTICAL' })).toBeNull();
    expect(disagreement({ ...two, candidates: [{ ...two.candidates[0]!, service: 'checkout' }] })).toBeNull();
  });
});

it('running without a model is a choice, all else that is missing is not', () => {
  expect(isByChoice('no model configured')).toBe(true);
  expect(isByChoice('no model configured; ingest does not answer')).toBe(false);
  expect(isByChoice('the model did not answer within 30 s')).toBe(false);
});
