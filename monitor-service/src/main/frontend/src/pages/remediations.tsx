import { useEffect } from 'preact/hooks';
import { Status } from '../components/marks';
import { RemediationList } from '../components/remediation-list';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { plural } from '../lib/format';
import { waitsForPerson } from '../lib/remediation';
import { useRepairs } from '../lib/repair-log';
import { useSettled } from '../lib/settle';
import { useTitle } from '../lib/title';
import { listen } from '../live/live';

/** Everything that Watchtower repaired by itself, or chose not to, with the outcome. */
export function RemediationsPage() {
  useTitle('Remediation');
  const log = useRepairs(null);
  const { reload } = log;
  const soon = useSettled(reload);
  useEffect(() => listen('/topic/incidents', { message: soon, missed: soon }), [soon]);
  const waiting = (log.data?.list ?? []).filter(waitsForPerson).length;
  return (
    <div class="page">
      <header class="page-head">
        <h1>Remediation</h1>
        {waiting > 0 && <Status tone="warn">{plural(waiting, 'repair')} for you to decide</Status>}
        <span class="spring" />
        <button type="button" class="button" onClick={log.reload}>
          Refresh
        </button>
        <p class="lead">
          What Watchtower repaired by itself, or chose not to, whether it helped, and what waits for a person. Playbooks
          stand in the catalog.
        </p>
      </header>
      {log.error && !log.data ? (
        <Failed what="The log cannot be read" error={log.error} retry={log.reload} />
      ) : !log.data ? (
        <Skeleton rows={5} label="Loading the remediation log" />
      ) : (
        <Card class="flush" label="Remediations">
          {log.data.list.length === 0 ? (
            <Empty icon="wrench" title="Nothing had to be repaired yet">
              Playbooks act on their own triggers, for example a crashed process. Try the experiment checkout-crash.
            </Empty>
          ) : (
            <RemediationList list={log.data.list} onChange={log.reload} linked />
          )}
        </Card>
      )}
      {log.data?.hasOlder && (
        <div class="actions center">
          <button type="button" class="button" onClick={log.showOlder}>
            Show older
          </button>
        </div>
      )}
    </div>
  );
}
