import type { Health, Run } from '../api/types';
import { clock, countdown } from '../lib/format';
import { connection } from '../live/live';
import {
  activeRuns,
  catalogFaults,
  downParts,
  incidentsAsOf,
  incidentsStale,
  loadError,
  loaded,
  me,
  now,
  partName,
  services,
} from '../state/store';
import { Icon } from './icon';

const CONSEQUENCE: Record<string, string> = {
  ingest: 'live data is interrupted, what you see are the last values. It resumes by itself and the gap is filled.',
  incident: 'incidents are read-only',
  analysis: 'no new causes are worked out. Everything else goes on.',
  chaos: 'no experiments can be started. Faults that run end at their own deadline.',
  postgres: 'telemetry is refused so that senders repeat it; incidents cannot be changed.',
  supervisor: 'processes are not restarted by themselves.',
};

function Down({ part }: { part: Health }) {
  const name = partName(part.name);
  const since = part.since ? ` since ${clock(Date.parse(part.since), now.value)}` : '';
  const asOf = incidentsAsOf.value;
  const copy = name === 'incident' ? (asOf ? `, last copy of ${clock(Date.parse(asOf), now.value)}.` : '.') : '';
  const title = name === 'postgres' ? 'PostgreSQL' : `${name}-service`;
  return (
    <div class="banner bad" role="status">
      <Icon name="bad" />
      <p>
        <strong>
          {title} is down{since}:
        </strong>{' '}
        {CONSEQUENCE[name] ?? 'what it shows is not current.'}
        {copy}
      </p>
    </div>
  );
}

/** Many parts down at once, in one banner, so that the page itself stays in sight. */
function ManyDown({ parts }: { parts: readonly Health[] }) {
  const names = parts.map((p) => partName(p.name));
  const first = Math.min(...parts.map((p) => Date.parse(p.since ?? '')).filter(Number.isFinite));
  const asOf = incidentsAsOf.value;
  return (
    <div class="banner bad" role="status">
      <Icon name="bad" />
      <p>
        <strong>
          {names.length} parts of Watchtower are down{Number.isFinite(first) && ` since ${clock(first, now.value)}`}:
        </strong>{' '}
        {names.join(', ')}. {names.includes('ingest') && 'Live data is interrupted. '}
        {names.includes('incident') &&
          `Incidents are read-only${asOf ? `, last copy of ${clock(Date.parse(asOf), now.value)}` : ''}. `}
        Look at <code>./watchtower status</code>.
      </p>
    </div>
  );
}

function RunBanner({ run }: { run: Run }) {
  const title = services.value.find((s) => s.name === run.target)?.title ?? run.target;
  const left = Date.parse(run.endsAt) - now.value;
  // Long past its deadline: chaos-service is gone, and the fault with it.
  if (left < -60_000) return null;
  return (
    <div class="banner chaos" role="status">
      <Icon name="chaos" />
      <p>
        <strong>Experiment {run.blind ? 'under way (sealed)' : run.experiment}</strong>
        {!run.blind && (
          <>
            {' '}
            on {title} ({run.env})
          </>
        )}{' '}
        {run.state === 'STOPPING' ? 'is stopping' : left > 0 ? `ends in ${countdown(left)}` : 'is ending'}
      </p>
      <a class="button small" href="/chaos">
        Watch or stop
      </a>
    </div>
  );
}

/** Somebody edited the catalog and may believe that it is in force. */
function CatalogRefused({ faults }: { faults: readonly string[] }) {
  return (
    <div class="banner warn" role="status">
      <Icon name="warn" />
      <p>
        <strong>The last edit of the catalog is not in force:</strong> {faults[0]}
        {faults.length > 1 && ' (and more faults)'}. What was there before goes on. Mend the file before a service is
        started anew: it would not start.
      </p>
    </div>
  );
}

/** What everybody has to know now, on every page. */
export function Banners() {
  const stale = incidentsStale.value && !downParts.value.some((p) => partName(p.name) === 'incident');
  const c = connection.value;
  return (
    <div class="banners">
      {me.value?.mustChangePassword && (
        <div class="banner warn">
          <Icon name="key" />
          <p>
            <strong>Your password was generated.</strong> Choose your own before you go on.
          </p>
          <a class="button small" href="/account">
            Change it
          </a>
        </div>
      )}
      {loadError.value && (
        <div class="banner bad" role="status">
          <Icon name="bad" />
          <p>
            <strong>{loaded.value ? 'Not current:' : 'Cannot load:'}</strong> {loadError.value}
          </p>
        </div>
      )}
      {c.state === 'interrupted' && !loadError.value && (
        <div class="banner bad" role="status">
          <Icon name="bad" />
          <p>
            <strong>Live data interrupted since {clock(c.since, now.value)}:</strong> what you see are the last values.
            Reconnecting by itself.
          </p>
        </div>
      )}
      {downParts.value.length > 2 ? (
        <ManyDown parts={downParts.value} />
      ) : (
        downParts.value.map((p) => <Down key={p.name} part={p} />)
      )}
      {stale && incidentsAsOf.value && (
        <div class="banner warn" role="status">
          <Icon name="warn" />
          <p>
            <strong>Incidents are read-only,</strong> last copy of {clock(Date.parse(incidentsAsOf.value), now.value)}.
          </p>
        </div>
      )}
      {catalogFaults.value.length > 0 && <CatalogRefused faults={catalogFaults.value} />}
      {activeRuns.value.map((r) => (
        <RunBanner key={r.id} run={r} />
      ))}
    </div>
  );
}
