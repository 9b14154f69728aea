import { useState } from 'preact/hooks';
import { call, itemsOf } from '../api/http';
import type { Remediation } from '../api/types';
import { type Loaded, useLoad } from './load';
import { readNewest, STEP } from './paged';
import { readRemediation, withWaiting } from './remediation';

type Line = Record<string, unknown>;

interface Repairs {
  list: Remediation[];
  hasOlder: boolean;
}

async function read(incident: string | null, count: number): Promise<Repairs> {
  const path = '/bff/remediations';
  const of = incident ? `incident=${encodeURIComponent(incident)}` : '';
  // What waits for a person must not be hidden behind what came after it.
  const [newest, waiting] = await Promise.all([
    readNewest<Line>(of ? `${path}?${of}` : path, count),
    call('GET', `${path}?${of ? `${of}&` : ''}state=AWAITING_APPROVAL&limit=200`),
  ]);
  return {
    list: withWaiting(newest.items.map(readRemediation), itemsOf<Line>(waiting).map(readRemediation)),
    hasOlder: newest.next !== null,
  };
}

/** The remediation log, or an incident's part of it: the newest lines, and all that wait for a person. */
export function useRepairs(incident: string | null): Loaded<Repairs> & { showOlder: () => void } {
  const [shown, setShown] = useState({ incident, count: STEP });
  const count = shown.incident === incident ? shown.count : STEP;
  const loaded = useLoad(() => read(incident, count), [incident, count]);
  return { ...loaded, showOlder: () => setShown({ incident, count: count + STEP }) };
}
