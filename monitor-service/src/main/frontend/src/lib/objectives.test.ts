import { describe, expect, it } from 'vitest';
import { attainedText, barShare, burnText, exhaustion, type Objective, periodWords } from './objectives';

const objective: Objective = {
  name: 'checkout-availability',
  title: 'Orders succeed',
  service: 'checkout',
  env: 'prod',
  objective: 99.9,
  periodSeconds: 2_592_000,
  state: 'HEALTHY',
  attained: 99.95,
  budgetLeft: 0.5,
  exhaustedInSeconds: null,
  since: null,
  asOf: null,
  expression: 'x',
  complete: true,
  burnRates: [],
};

describe('objectives', () => {
  it('says a period in days where it is some', () => {
    expect(periodWords(2_592_000)).toBe('30 days');
    expect(periodWords(86_400)).toBe('1 day');
    expect(periodWords(3_600)).toBe('1\u00a0h');
  });

  it('shows as many digits as the distance from 100 needs', () => {
    expect(attainedText(99.95)).toBe('99.950 %');
    expect(attainedText(42.13)).toBe('42.1 %');
    expect(attainedText(100)).toBe('100 %');
  });

  it('shows burn rates short, and a dash where nothing happened', () => {
    expect(burnText(1.234)).toBe('1.23×');
    expect(burnText(14.44)).toBe('14.4×');
    expect(burnText(700.4)).toBe('700×');
    expect(burnText(null)).toBe('–');
  });

  it('keeps an overspent budget within its bar', () => {
    expect(barShare(-3)).toBe(0);
    expect(barShare(0.4)).toBe(0.4);
    expect(barShare(null)).toBe(0);
  });

  it('says when the budget will be gone', () => {
    expect(exhaustion(objective)).toBe('Not in sight at this pace');
    expect(exhaustion({ ...objective, exhaustedInSeconds: 7_200 })).toBe('In 2\u00a0h at this pace');
    expect(exhaustion({ ...objective, state: 'EXHAUSTED' })).toBe('The budget is spent');
    expect(exhaustion({ ...objective, state: 'NO_DATA' })).toBe('No data yet');
  });
});
