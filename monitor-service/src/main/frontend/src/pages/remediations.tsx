import { call, itemsOf } from '../api/http';
import { RemediationList, readRemediation } from '../components/remediation-list';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { useLoad } from '../lib/load';
import { useTitle } from '../lib/title';

/** Everything that Watchtower repaired by itself, or chose not to, with the outcome. */
export function RemediationsPage() {
  useTitle('Remediation log');
  const log = useLoad(
    async () => itemsOf<Record<string, unknown>>(await call('GET', '/bff/remediations')).map(readRemediation),
    [],
  );
  return (
    <div class="page">
      <header class="page-head">
        <h1>Remediation log</h1>
        <span class="spring" />
        <button type="button" class="button" onClick={log.reload}>
          Refresh
        </button>
        <p class="lead">
          What Watchtower repaired by itself, or chose not to, and how it ended. Playbooks stand in the catalog.
        </p>
      </header>
      {log.error && !log.data ? (
        <Failed what="The log cannot be read" error={log.error} retry={log.reload} />
      ) : !log.data ? (
        <Skeleton rows={5} label="Loading the remediation log" />
      ) : (
        <Card class="flush" label="Remediations">
          {log.data.length === 0 ? (
            <Empty icon="wrench" title="Nothing had to be repaired yet">
              Playbooks act on their own triggers, for example a crashed process. Try the experiment checkout-crash.
            </Empty>
          ) : (
            <RemediationList
              list={log.data.toSorted((a, b) => b.at.localeCompare(a.at))}
              onChange={log.reload}
              linked
            />
          )}
        </Card>
      )}
    </div>
  );
}
