import { useLocation } from 'preact-iso';
import { call } from '../api/http';
import type { MeasureLine, MeasuresAnswer } from '../api/types';
import { At, Hidden, SeverityBadge } from '../components/marks';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { TableScroll } from '../components/table-scroll';
import { useLoad } from '../lib/load';
import { lineOrder, longest, noise, share, TIMES, type TimeKey, timeText } from '../lib/measures';
import { useTitle } from '../lib/title';
import { services } from '../state/store';

const PERIODS = ['7', '30', '90'];

/** How fast, how many, how much of it noise. */
export function MeasuresPage() {
  useTitle('Measures');
  const { query, route } = useLocation();
  const days = PERIODS.includes(query['days'] ?? '') ? (query['days'] as string) : '30';
  const service = query['service'] ?? '';
  const answer = useLoad(async () => {
    const q = new URLSearchParams({ from: new Date(Date.now() - Number(days) * 86_400_000).toISOString() });
    if (service) q.set('service', service);
    return (await call('GET', `/bff/incident/api/v1/measures?${q}`)) as MeasuresAnswer;
  }, [days, service]);
  const go = (d: string, s: string) => {
    const q = new URLSearchParams();
    if (d !== '30') q.set('days', d);
    if (s) q.set('service', s);
    route(`/measures${q.size > 0 ? `?${q}` : ''}`);
  };
  const lines = (answer.data?.items ?? []).toSorted(lineOrder);
  return (
    <div class="page">
      <header class="page-head">
        <h1>Measures</h1>
        <span class="spring" />
        <div class="filters">
          <label>
            Service
            <select class="field" value={service} onChange={(e) => go(days, e.currentTarget.value)}>
              <option value="">All</option>
              {services.value.map((s) => (
                <option key={s.name} value={s.name}>
                  {s.name}
                </option>
              ))}
            </select>
          </label>
          <div class="segments" role="group" aria-label="Period">
            {PERIODS.map((d) => (
              <button key={d} type="button" aria-pressed={days === d} onClick={() => go(d, service)}>
                {d} days
              </button>
            ))}
          </div>
        </div>
        <p class="lead">
          Medians of the incidents opened in this time. What was dismissed counts as noise, not as mitigated or
          resolved.
        </p>
      </header>
      {answer.error && !answer.data ? (
        <Failed what="The measures cannot be read" error={answer.error} retry={answer.reload} />
      ) : !answer.data ? (
        <Skeleton rows={5} label="Loading the measures" />
      ) : answer.data.all.count === 0 ? (
        <Card label="Measures">
          <Empty icon="chart" title="No incident in this time">
            Nothing to measure. Take a longer time, or run a drill on the <a href="/chaos">chaos page</a>.
          </Empty>
        </Card>
      ) : (
        <>
          <Figures line={answer.data.all} />
          <Card
            title="By service and severity"
            class={`flush${answer.error ? ' stale' : ''}`}
            aside={
              <span class="faint small">
                <At iso={answer.data.from} /> to <At iso={answer.data.to} />
              </span>
            }
          >
            <Table lines={lines} />
          </Card>
        </>
      )}
    </div>
  );
}

function Figures({ line }: { line: MeasureLine }) {
  return (
    <Card label="All together">
      <dl class="figures wide-figures">
        <div>
          <dt>Incidents</dt>
          <dd>{line.count}</dd>
          <dd class="figure-note">{line.unresolved > 0 ? `${line.unresolved} not over yet` : 'all over'}</dd>
        </div>
        {TIMES.map((t) => (
          <div key={t.key}>
            <dt title={t.from}>Time to {t.title.toLowerCase()}</dt>
            <dd>{timeText(line[t.key]?.p50)}</dd>
            <dd class="figure-note">9 of 10 within {timeText(line[t.key]?.p90)}</dd>
          </div>
        ))}
        <div>
          <dt title="Dismissed of all">Noise</dt>
          <dd>{noise(line)}</dd>
          <dd class="figure-note">{line.dismissed} dismissed</dd>
        </div>
      </dl>
    </Card>
  );
}

function Table({ lines }: { lines: readonly MeasureLine[] }) {
  const most = longest(lines);
  return (
    <TableScroll label="By service and severity">
      <table class="table">
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Severity</th>
            <th scope="col" class="num">
              Incidents
            </th>
            {TIMES.map((t) => (
              <th key={t.key} scope="col" title={t.from}>
                {t.title}
              </th>
            ))}
            <th scope="col" class="num">
              Noise
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((l) => (
            <tr key={`${l.service}/${l.severity}`}>
              <th scope="row">{l.service}</th>
              <td>{l.severity && <SeverityBadge severity={l.severity} />}</td>
              <td class="num">
                <a href={`/incidents?service=${l.service}&severity=${l.severity}`}>
                  {l.count}
                  <Hidden> incidents</Hidden>
                </a>
              </td>
              {TIMES.map((t) => (
                <Bar key={t.key} line={l} of={t.key} most={most[t.key]} />
              ))}
              <td class="num">{noise(l)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}

function Bar({ line, of, most }: { line: MeasureLine; of: TimeKey; most: number }) {
  const time = line[of];
  return (
    <td>
      <span class="bar-cell" title={`median of ${time?.count ?? 0}, 9 of 10 within ${timeText(time?.p90)}`}>
        <span class="num">{timeText(time?.p50)}</span>
        <span class="meter thin" aria-hidden="true">
          <span style={{ width: `${share(time, most) * 100}%` }} />
        </span>
      </span>
    </td>
  );
}
