import { useState } from 'preact/hooks';
import { call, sentence } from '../api/http';
import { CatalogFile } from '../components/catalog-file';
import { At, SeverityBadge, Status } from '../components/marks';
import { RulesInForce } from '../components/rules-in-force';
import { Card, Empty } from '../components/states';
import { TableScroll } from '../components/table-scroll';
import { type BacktestAnswer, type Firing, firingMillis, readRule, stretch, TEMPLATES } from '../lib/backtest';
import { compact, duration, legible, plural } from '../lib/format';
import { useTitle } from '../lib/title';
import { can } from '../state/store';

const RANGES = [
  { label: 'Last hour', millis: 3_600_000 },
  { label: '6 hours', millis: 6 * 3_600_000 },
  { label: 'Day', millis: 86_400_000 },
  { label: '7 days', millis: 7 * 86_400_000 },
];

const pretty = (rule: unknown) => JSON.stringify(rule, null, 2);

/** What rules tell of now, and what one would have told of the stored past, before it is switched on. */
export function RulesPage() {
  useTitle('Rules');
  const [text, setText] = useState(pretty(Object.values(TEMPLATES)[0]));
  const [millis, setMillis] = useState(RANGES[0]!.millis);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [answer, setAnswer] = useState<BacktestAnswer | null>(null);

  const run = async (event: Event) => {
    event.preventDefault();
    // What another rule would have told does not stand below the error of this one.
    setAnswer(null);
    const read = readRule(text);
    if ('fault' in read) {
      setError(read.fault);
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const from = new Date(Date.now() - millis).toISOString();
      const body = { rule: read.rule, from };
      setAnswer((await call('POST', '/bff/ingest/api/v1/rules/backtest', body)) as BacktestAnswer);
    } catch (e) {
      setError(sentence(e));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div class="page">
      <header class="page-head">
        <h1>Rules</h1>
        <p class="lead">
          What wakes people. Rules are written under <code>rules:</code> in <CatalogFile />, which is reloaded by
          itself.
        </p>
      </header>
      <RulesInForce />
      <Card title="Back-test a rule" label="Back-test a rule">
        <form class="back-test" onSubmit={(e) => void run(e)}>
          <p class="faint">
            See what a rule would have told of the stored past before it wakes anybody. The keys are those of the
            catalog.
          </p>
          <div class="chips" role="group" aria-label="Start from">
            {Object.entries(TEMPLATES).map(([title, rule]) => (
              <button key={title} type="button" class="button" onClick={() => setText(pretty(rule))}>
                {title}
              </button>
            ))}
          </div>
          <label class="block">
            <span class="faint small">Rule (JSON)</span>
            <textarea
              class="field mono"
              rows={11}
              spellcheck={false}
              value={text}
              aria-invalid={error !== null}
              onInput={(e) => setText(e.currentTarget.value)}
            />
          </label>
          {error && (
            <div class="inset bad" role="alert">
              <p>{error}</p>
            </div>
          )}
          <div class="actions">
            <div class="segments" role="group" aria-label="Time to look at">
              {RANGES.map((r) => (
                <button
                  key={r.label}
                  type="button"
                  aria-pressed={r.millis === millis}
                  onClick={() => setMillis(r.millis)}
                >
                  {r.label}
                </button>
              ))}
            </div>
            <span class="spring" />
            <button type="submit" class="button primary" disabled={busy || !can('respond')}>
              {busy ? 'Looking…' : 'Back-test'}
            </button>
          </div>
          {!can('respond') && <p class="faint small">Back-tests need the role RESPONDER.</p>}
        </form>
      </Card>
      {answer && <Result answer={answer} />}
    </div>
  );
}

function Result({ answer }: { answer: BacktestAnswer }) {
  return (
    <Card
      class="flush"
      title={answer.total === 0 ? 'It would have kept still' : `It would have fired ${plural(answer.total, 'time')}`}
      label="Result"
      aside={
        <span class="faint small">
          <At iso={answer.from} /> to <At iso={answer.to} /> · every {compact(answer.stepSeconds)} s
        </span>
      }
    >
      {answer.firings.length === 0 ? (
        <Empty icon="ok" title="Nothing in this time breaks the rule">
          Take a longer time, or a stricter limit, to see it fire.
        </Empty>
      ) : (
        <>
          <p class="pad faint small">
            {duration(firingMillis(answer))} of firing in all
            {answer.truncated && `; the first ${answer.firings.length} are listed`}.
          </p>
          <div class="strip" aria-hidden="true">
            {answer.firings.map((f) => {
              const { left, width } = stretch(answer, f);
              return <span key={key(f)} style={{ left: `${left * 100}%`, width: `${width * 100}%` }} />;
            })}
          </div>
          <TableScroll label="What it would have told">
            <table class="table">
              <thead>
                <tr>
                  <th scope="col">Service</th>
                  <th scope="col">Fired</th>
                  <th scope="col">Cleared</th>
                  <th scope="col" class="num">
                    Value
                  </th>
                  <th scope="col">What it would have said</th>
                </tr>
              </thead>
              <tbody>
                {answer.firings.map((f) => (
                  <FiringRow key={key(f)} firing={f} />
                ))}
              </tbody>
            </table>
          </TableScroll>
        </>
      )}
    </Card>
  );
}

const key = (f: Firing) => `${f.env}/${f.service}/${f.firedAt}/${JSON.stringify(f.labels)}`;

function FiringRow({ firing: f }: { firing: Firing }) {
  return (
    <tr>
      <th scope="row">
        {legible(f.service)} <span class="faint">{legible(f.env)}</span>
      </th>
      <td>
        <At iso={f.firedAt} />
      </td>
      <td>{f.clearedAt ? <At iso={f.clearedAt} /> : <Status tone="bad">Still firing</Status>}</td>
      <td class="num">{f.value === null ? '–' : compact(f.value)}</td>
      <td>
        <SeverityBadge severity={f.severity} /> {f.summary}
      </td>
    </tr>
  );
}
