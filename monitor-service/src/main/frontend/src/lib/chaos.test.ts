import { expect, it } from 'vitest';
import type { Experiment, Run } from '../api/types';
import { aimsAtSample, experimentMillis, parametersText, progress } from './chaos';

const experiment = (service: string, target: string | null): Experiment => ({
  name: 'x',
  title: 'x',
  hypothesis: 'x',
  kind: 'errors',
  service,
  env: 'prod',
  target,
  parameters: {},
  duration: 'PT2M',
});

it('asks for no name only where the sample shop on this machine is the target', () => {
  expect(aimsAtSample(experiment('checkout', 'http://127.0.0.1:8091'))).toBe(true);
  expect(aimsAtSample(experiment('checkout', null))).toBe(true);
  expect(aimsAtSample(experiment('checkout', 'http://127.0.0.1.example.com'))).toBe(false);
  expect(aimsAtSample(experiment('checkout', 'https://shop.example.com'))).toBe(false);
  expect(aimsAtSample(experiment('billing', 'http://127.0.0.1:9000'))).toBe(false);
});

it('knows how far a run is', () => {
  const run = { startedAt: '2026-01-01T00:00:00Z', endsAt: '2026-01-01T00:02:00Z' } as Run;
  const start = Date.parse(run.startedAt);
  expect([start - 1, start + 60_000, start + 600_000].map((at) => progress(run, at))).toEqual([0, 0.5, 1]);
  expect(progress({ ...run, endsAt: '' }, start)).toBe(1);
});

it('puts parameters and durations into words', () => {
  expect(parametersText({ ratio: 0.7, 'jitter-millis': 200 })).toBe('ratio 0.7, jitter millis 200');
  expect(experimentMillis(experiment('a', null))).toBe(120_000);
  expect(experimentMillis({ ...experiment('a', null), duration: 'soon' })).toBeNull();
  expect(experimentMillis({ ...experiment('a', null), durationSeconds: 90 })).toBe(90_000);
});
