import { describe, expect, it } from 'vitest';
import { Problem } from '../api/http';
import type { Incident } from '../api/types';
import {
  alreadyOpen,
  begun,
  environments,
  joinedOne,
  missing,
  openOne,
  refusal,
  request,
  withService,
} from './declare';

const catalog = [
  { name: 'checkout', environments: ['prod', 'staging'] },
  { name: 'inventory', environments: ['prod'] },
];
const open = (service: string, env: string, signals: string[] = []) =>
  ({
    id: service,
    number: 1,
    state: 'OPEN',
    service,
    env,
    signals: signals.map((s) => ({ service: s })),
  }) as unknown as Incident;
const form = (more = {}) => ({ ...begun({}, catalog), ...more });

describe('the form', () => {
  it('fills in the environment where the service has but one', () => {
    expect(form().env).toBe('');
    expect(withService(form(), 'inventory', catalog).env).toBe('prod');
    expect(withService(form(), 'checkout', catalog).env).toBe('');
    expect(environments(catalog, 'somewhere-else')).toEqual(['prod', 'staging']);
  });

  it('leaves the environment that a person wrote', () => {
    expect(withService(form({ env: 'staging' }), 'inventory', catalog).env).toBe('staging');
  });

  it('takes an environment that it filled in back to the one of the next service', () => {
    const elsewhere = [...catalog, { name: 'batch', environments: ['lab'] }];
    const first = withService(form(), 'inventory', elsewhere);
    expect(withService(first, 'batch', elsewhere).env).toBe('lab');
  });

  it('begins with what the list is filtered by', () => {
    expect(begun({ service: 'inventory', severity: 'SEV2' }, catalog)).toMatchObject({ env: 'prod', severity: 'SEV2' });
  });

  it('sends trimmed lines, and no comment for a blank one', () => {
    const filled = form({ title: ' Lost ', service: ' a ', env: 'prod ', severity: 'SEV1', comment: ' ' });
    expect(request(filled)).toEqual({ title: 'Lost', service: 'a', env: 'prod', severity: 'SEV1', comment: null });
    expect(missing(filled)).toEqual({});
    expect(Object.keys(missing({ ...filled, title: '  ', severity: '' }))).toEqual(['title', 'severity']);
  });
});

describe('incidents that are open already', () => {
  const both = form({ service: 'checkout', env: 'prod' });

  it('are those about the same service and environment', () => {
    expect(openOne(both, [open('checkout', 'staging'), open('inventory', 'prod', ['checkout'])])).toBeUndefined();
    expect(openOne(both, [open('checkout', 'prod')])?.service).toBe('checkout');
    expect(openOne(both, [{ ...open('checkout', 'prod'), state: 'RESOLVED' }])).toBeUndefined();
  });

  it('and, perhaps, those that a signal of the service is part of', () => {
    expect(joinedOne(both, [open('inventory', 'prod', ['checkout'])])?.service).toBe('inventory');
    expect(joinedOne(form({ env: 'prod' }), [open('inventory', 'prod', ['checkout'])])).toBeUndefined();
  });

  it('are named by the refusal', () => {
    const refused = new Problem(409, { type: '/problems/incident-open', incident: 'i7' }, 'open');
    expect(alreadyOpen(refused)).toBe('i7');
    expect(alreadyOpen(new Problem(409, { type: '/problems/stale-version' }, 'stale'))).toBeNull();
  });
});

describe('a failure', () => {
  it('is shown at its field', () => {
    const bad = (errors: unknown) => new Problem(400, { detail: 'A field is not right.', errors }, 'bad');
    const at = (path: string) => ({ path, message: 'must not be empty' });
    expect(refusal(bad([at('title')]))).toEqual({ fields: { title: 'must not be empty' }, text: '' });
    expect(refusal(bad([at('weight')]))).toEqual({ fields: {}, text: 'weight: must not be empty' });
    expect(refusal(bad([]))).toEqual({ fields: {}, text: 'A field is not right.' });
  });
});
