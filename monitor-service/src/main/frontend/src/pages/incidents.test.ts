// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import type { Incident } from '../api/types';
import { passes } from './incidents';

const joint: Incident = {
  id: 'a',
  number: 1,
  title: 'Storefront fails',
  state: 'OPEN',
  severity: 'SEV1',
  service: 'storefront',
  env: 'prod',
  version: 1,
  openedAt: '2026-01-01T00:00:00Z',
  allowedEvents: [],
  signals: [
    {
      fingerprint: 'f',
      kind: 'THRESHOLD',
      status: 'FIRING',
      rule: 'high-error-rate',
      service: 'checkout',
      severity: 'SEV2',
      summary: '',
      firedAt: '2026-01-01T00:00:00Z',
    },
  ],
};

describe('the filters of the incidents page', () => {
  it('let a joint incident pass for every service with a signal in it, as the server does', () => {
    expect(passes(joint, { service: 'checkout', env: 'prod' })).toBe(true);
    expect(passes(joint, { service: 'storefront' })).toBe(true);
    expect(passes(joint, { service: 'search' })).toBe(false);
    expect(passes(joint, { service: 'checkout', env: 'staging' })).toBe(false);
    expect(passes(joint, { service: 'checkout', state: 'RESOLVED' })).toBe(false);
  });
});
