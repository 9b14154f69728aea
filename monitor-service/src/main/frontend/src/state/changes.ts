import { signal } from '@preact/signals';
import { call, itemsOf, sentence } from '../api/http';
import type { ChangeEvent } from '../api/types';
import { joined } from '../lib/joined';
import { settled } from '../lib/settle';
import { whileVisible } from '../lib/visible';
import { serverNow } from './clock';
import { mergeChanges } from './reducers';

/** What was changed in the last day: deployments, configuration, chaos. No topic tells of it, so it is asked for. */

export const changes = signal<readonly ChangeEvent[]>([]);
/** Why changes could not be read; what is shown of them may be incomplete then. */
export const changesError = signal<string | null>(null);

const SHOWN_MILLIS = 24 * 3_600_000;
const EVERY_MILLIS = 15_000;

interface Place {
  service: string;
  env: string;
}

const watched = new Set<Place>();

async function read(since: number, to: number, place: Partial<Place> = {}): Promise<ChangeEvent[]> {
  const query = new URLSearchParams({
    ...place,
    from: new Date(since).toISOString(),
    to: new Date(to).toISOString(),
  });
  return itemsOf<ChangeEvent>(await call('GET', `/bff/ingest/api/v1/events?${query}`));
}

/**
 * Reads the newest changes of all services, and those of the services that a page shows; the first failure is told
 * in `changesError`, and what was known stays.
 */
export const loadChanges = joined(async () => {
  const to = serverNow();
  const since = to - SHOWN_MILLIS;
  // What one service's reading says holds, whatever becomes of the others.
  const answers = await Promise.allSettled([read(since, to), ...[...watched].map((place) => read(since, to, place))]);
  const came = answers.flatMap((r) => (r.status === 'fulfilled' ? r.value : []));
  const failed = answers.find((r) => r.status === 'rejected');
  changes.value = mergeChanges(changes.value, came, since);
  changesError.value = failed ? sentence(failed.reason) : null;
});

/** Reads the changes a moment later, once for all who ask meanwhile: a storm of messages asks again and again. */
export const loadChangesSoon = settled(() => void loadChanges());

/** Reads the changes of one service too, however many others have, until the returned function is called. */
export function watchChanges(service: string, env: string): () => void {
  const place = { service, env };
  watched.add(place);
  void loadChanges();
  return () => {
    watched.delete(place);
  };
}

/** Keeps the changes current from now on. */
export function followChanges(): void {
  void loadChanges();
  whileVisible(() => void loadChanges(), EVERY_MILLIS);
}
