import { useEffect } from 'preact/hooks';
import { call, itemsOf } from '../api/http';
import { CatalogFile } from '../components/catalog-file';
import { Ago, At, Status, type Tone } from '../components/marks';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { TableScroll } from '../components/table-scroll';
import { useLoad } from '../lib/load';
import {
  attainedText,
  type BurnTier,
  barShare,
  burnText,
  exhaustion,
  type Objective,
  periodWords,
} from '../lib/objectives';
import { servicePath } from '../lib/service-path';
import { useTitle } from '../lib/title';
import { whileVisible } from '../lib/visible';

const REFRESH_MILLIS = 10_000;

const STATE: Record<Objective['state'], { tone: Tone; word: string }> = {
  HEALTHY: { tone: 'ok', word: 'Within budget' },
  AT_RISK: { tone: 'warn', word: 'Budget nearly spent' },
  EXHAUSTED: { tone: 'bad', word: 'Budget spent' },
  NO_DATA: { tone: 'idle', word: 'No data yet' },
};

/** How it stands with every SLO: what was promised, what was kept, and how fast the rest goes. */
export function ObjectivesPage() {
  useTitle('Objectives');
  const list = useLoad(async () => itemsOf<Objective>(await call('GET', '/bff/ingest/api/v1/slo')), []);
  const { reload } = list;
  useEffect(() => whileVisible(reload, REFRESH_MILLIS), [reload]);
  return (
    <div class="page">
      <header class="page-head">
        <h1>Objectives</h1>
        <p class="lead">
          What each service promised, how much of its error budget is left, and how fast it is being spent. A rule of
          the kind <code>burn-rate</code> wakes people when both windows of a line are over its limit.
        </p>
      </header>
      {list.error && list.data && (
        <div class="inset warn" role="status">
          <p>
            {list.error} What you see is from <At iso={list.at} />.
          </p>
        </div>
      )}
      {list.error && !list.data ? (
        <Failed what="The objectives cannot be read" error={list.error} retry={reload} />
      ) : !list.data ? (
        <Skeleton rows={4} label="Loading the objectives" />
      ) : list.data.length === 0 ? (
        <Card label="Objectives">
          <Empty icon="chart" title="No objectives yet">
            Add one under <code>slos:</code> in <CatalogFile />. It is reloaded by itself.
          </Empty>
        </Card>
      ) : (
        list.data.map((o) => <ObjectiveCard key={`${o.env}/${o.name}`} objective={o} />)
      )}
    </div>
  );
}

function ObjectiveCard({ objective: o }: { objective: Objective }) {
  const state = STATE[o.state];
  return (
    <Card title={o.title || o.name} label={o.title || o.name} aside={<Status tone={state.tone}>{state.word}</Status>}>
      <p class="faint small">
        <a href={servicePath(o.env, o.service)}>{o.service}</a> {o.env} · {o.objective} % over{' '}
        {periodWords(o.periodSeconds)}
        {o.since && (
          <>
            {' '}
            · data since <At iso={o.since} />
          </>
        )}
        {o.asOf && (
          <>
            {' '}
            · as of <Ago iso={o.asOf} />
          </>
        )}
        {!o.complete && ' · still counting what is stored'}
      </p>
      <dl class="figures">
        <div>
          <dt>Kept</dt>
          <dd>{o.attained === null ? '–' : attainedText(o.attained)}</dd>
        </div>
        <div>
          <dt>Budget left</dt>
          <dd>
            {o.budgetLeft === null ? '–' : `${Math.round(o.budgetLeft * 1000) / 10} %`}
            <span class={`meter budget ${state.tone}`} aria-hidden="true">
              <span style={{ width: `${barShare(o.budgetLeft) * 100}%` }} />
            </span>
          </dd>
        </div>
        <div>
          <dt>Budget gone</dt>
          <dd>{exhaustion(o)}</dd>
        </div>
      </dl>
      <TableScroll label={`Windows of ${o.title || o.name} in ${o.env}`}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Windows</th>
              <th scope="col">State</th>
              <th scope="col" class="num">
                Long
              </th>
              <th scope="col" class="num">
                Short
              </th>
              <th scope="col" class="num">
                Limit
              </th>
            </tr>
          </thead>
          <tbody>
            {o.burnRates.map((t) => (
              <TierRow key={t.window} tier={t} />
            ))}
          </tbody>
        </table>
      </TableScroll>
    </Card>
  );
}

function TierRow({ tier: t }: { tier: BurnTier }) {
  return (
    <tr>
      <th scope="row">
        {t.window} and {t.shortWindow}
      </th>
      <td>
        {!t.ready ? (
          <Status tone="idle" quiet>
            {t.readyAt ? (
              <>
                Ready <At iso={t.readyAt} />
              </>
            ) : (
              'No data yet'
            )}
          </Status>
        ) : t.breached ? (
          <Status tone={t.page ? 'bad' : 'warn'}>{t.page ? 'Burning: pages' : 'Burning'}</Status>
        ) : (
          <Status tone="ok" quiet>
            Below its limit
          </Status>
        )}
      </td>
      <td class="num">{burnText(t.burnRate)}</td>
      <td class="num">{burnText(t.shortBurnRate)}</td>
      <td class="num">{burnText(t.limit)}</td>
    </tr>
  );
}
