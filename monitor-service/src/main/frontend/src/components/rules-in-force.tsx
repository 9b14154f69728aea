import { useEffect } from 'preact/hooks';
import { call } from '../api/http';
import { plural } from '../lib/format';
import { useLoad } from '../lib/load';
import { type Alert, alertsOf, furtherLabels, holding, inOrder, type Rule, type RulesAnswer } from '../lib/rules';
import { servicePath } from '../lib/service-path';
import { whileVisible } from '../lib/visible';
import { CatalogFile } from './catalog-file';
import { At, SeverityBadge, Status } from './marks';
import { Card, Empty, Failed, Skeleton } from './states';
import { TableScroll } from './table-scroll';

const REFRESH_MILLIS = 5_000;

/** More are in the incidents they are part of. */
const MOST_ALERTS = 5;

/** The rules of the catalog and what they tell of now. */
export function RulesInForce() {
  const list = useLoad(
    async () => inOrder((await call('GET', '/bff/ingest/api/v1/rules')) as unknown as RulesAnswer),
    [],
  );
  const { reload } = list;
  useEffect(() => whileVisible(reload, REFRESH_MILLIS), [reload]);
  if (list.error && !list.data) {
    return <Failed what="The rules cannot be read" error={list.error} retry={reload} />;
  }
  if (!list.data) return <Skeleton rows={4} label="Loading the rules" />;
  return (
    <Card
      class="flush"
      title="In force"
      label="Rules in force"
      aside={
        list.error ? (
          <Status tone="warn">
            Copy of <At iso={list.at} />
          </Status>
        ) : (
          <span class="faint small">{plural(list.data.length, 'rule')}</span>
        )
      }
    >
      {list.data.length === 0 ? (
        <Empty icon="bell" title="No rules yet">
          Add one under <code>rules:</code> in <CatalogFile />. It is reloaded by itself.
        </Empty>
      ) : (
        <TableScroll label="Rules">
          <table class="table stacked rules">
            <thead>
              <tr>
                <th scope="col">Rule</th>
                <th scope="col">Fires when</th>
                <th scope="col">Now</th>
              </tr>
            </thead>
            <tbody>
              {list.data.map((r) => (
                <RuleRow key={r.name} rule={r} />
              ))}
            </tbody>
          </table>
        </TableScroll>
      )}
    </Card>
  );
}

function RuleRow({ rule }: { rule: Rule }) {
  const alerts = alertsOf(rule);
  const firing = alerts.filter((a) => a.state === 'firing').length;
  const left = alerts.length - MOST_ALERTS;
  return (
    <tr>
      <th scope="row">
        <span class="rule-name">
          <SeverityBadge severity={rule.labels.severity} /> {rule.name}
        </span>
        {rule.annotations['summary'] && <div class="faint small">{rule.annotations['summary']}</div>}
      </th>
      <td>
        <code>{rule.query}</code> {holding(rule)}
      </td>
      <td>
        {rule.state === 'firing' ? (
          <Status tone="bad">Fires for {firing}</Status>
        ) : rule.state === 'pending' ? (
          <Status tone="warn">About to fire</Status>
        ) : rule.health === 'ok' ? (
          <Status tone="ok">Quiet</Status>
        ) : null}
        {rule.health === 'err' && (
          <div>
            <Status tone="warn">Cannot be looked at</Status>
            <div class="faint small">{rule.lastError}</div>
          </div>
        )}
        {alerts.slice(0, MOST_ALERTS).map((a) => (
          <AlertLine key={JSON.stringify(a.labels)} alert={a} />
        ))}
        {left > 0 && <div class="faint small">and {left} more</div>}
      </td>
    </tr>
  );
}

function AlertLine({ alert }: { alert: Alert }) {
  const { service = '', env = '' } = alert.labels;
  return (
    <div class="small alert-line">
      <a href={servicePath(env, service)}>{service}</a>{' '}
      <span class="faint">
        {env} {furtherLabels(alert)} {alert.state === 'pending' ? 'pending ' : ''}since <At iso={alert.activeAt} />
      </span>
    </div>
  );
}
