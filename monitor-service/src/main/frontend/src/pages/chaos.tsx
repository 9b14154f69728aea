import { useState } from 'preact/hooks';
import { call, itemsOf } from '../api/http';
import type { Experiment, Run } from '../api/types';
import { CatalogFile } from '../components/catalog-file';
import { Dialog } from '../components/dialog';
import { Icon } from '../components/icon';
import { At, Lasting, Status, type Tone } from '../components/marks';
import { Sparkline } from '../components/sparkline';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { aimsAtSample, experimentMillis, kindWords, parametersText, progress } from '../lib/chaos';
import { clock, countdown, duration, SIGNALS, signalValue, words } from '../lib/format';
import { useLoad } from '../lib/load';
import { useTitle } from '../lib/title';
import { startRun, stopAll, stopRun } from '../state/actions';
import { isActive } from '../state/reducers';
import {
  activeRuns,
  can,
  now,
  ruleFor,
  runs,
  runsError,
  seriesOf,
  services,
  targetKey,
  versionOf,
} from '../state/store';

/** Experiments to start, what runs, and one big stop. */
export function ChaosPage() {
  useTitle('Chaos');
  const experiments = useLoad(async () => itemsOf<Experiment>(await call('GET', '/bff/chaos/api/v1/experiments')), []);
  const [chosen, setChosen] = useState<Experiment | null>(null);
  const past = runs.value.filter((r) => !isActive(r));
  const allowed = can('chaos');
  return (
    <div class="page">
      <header class="page-head">
        <h1>Chaos</h1>
        <span class="spring" />
        <button
          type="button"
          class="button danger stop-all"
          disabled={!allowed}
          title={allowed ? 'Ends every fault now' : 'Needs the role SRE'}
          onClick={() => void stopAll()}
        >
          <Icon name="stop" /> Stop all
        </button>
        <p class="lead">
          Break things on purpose and see whether Watchtower notices. Every fault is a lease at its target: it ends by
          itself at its deadline, and within 10 s when chaos-service is gone.
        </p>
      </header>
      {activeRuns.value.map((r) => (
        <Running key={r.id} run={r} allowed={allowed} />
      ))}
      {experiments.error && !experiments.data ? (
        <Failed what="The experiments cannot be read" error={experiments.error} retry={experiments.reload} />
      ) : !experiments.data ? (
        <Skeleton rows={4} label="Loading the experiments" />
      ) : experiments.data.length === 0 ? (
        <Card>
          <Empty icon="chaos" title="The catalog has no experiments">
            Add them under <code>experiments:</code> in <CatalogFile />.
          </Empty>
        </Card>
      ) : (
        <ul class="experiments" aria-label="Experiments">
          {experiments.data.map((e) => (
            <ExperimentCard key={e.name} experiment={e} allowed={allowed} onStart={() => setChosen(e)} />
          ))}
        </ul>
      )}
      <Card title="Past runs" class="flush">
        {runsError.value && <p class="faint pad">Not current: {runsError.value}</p>}
        {past.length === 0 ? (
          !runsError.value && <p class="faint pad">None yet.</p>
        ) : (
          <ul class="runs">
            {past.map((r) => (
              <PastRun key={r.id} run={r} />
            ))}
          </ul>
        )}
      </Card>
      {chosen && <Confirm experiment={chosen} onClose={() => setChosen(null)} />}
    </div>
  );
}

function titleOf(service: string): string {
  return services.value.find((s) => s.name === service)?.title ?? service;
}

function ExperimentCard(props: { experiment: Experiment; allowed: boolean; onStart: () => void }) {
  const { experiment: e } = props;
  const running = activeRuns.value.some((r) => r.experiment === e.name);
  const millis = experimentMillis(e);
  const parameters = parametersText(e.parameters ?? {});
  return (
    <li class="card experiment" id={e.name}>
      <div class="experiment-text">
        <h2>{e.title}</h2>
        <p class="text-2">{e.hypothesis}</p>
      </div>
      <dl class="facts small">
        <div>
          <dt>Target</dt>
          <dd>
            {titleOf(e.service)} <span class="faint">{e.env}</span>
          </dd>
        </div>
        <div>
          <dt>Attack</dt>
          <dd>{kindWords(e.kind)}</dd>
        </div>
        <div>
          <dt>Ends after</dt>
          <dd>{millis === null ? 'its deadline' : duration(millis)}</dd>
        </div>
      </dl>
      <div class="experiment-foot">
        <span class="faint small mono grow ellipsis" title={parameters}>
          {parameters || e.name}
        </span>
        <button
          type="button"
          class="button"
          data-row
          disabled={!props.allowed || running || e.possible === false}
          title={
            !props.allowed
              ? 'Starting needs the role SRE'
              : e.possible === false
                ? 'This kind of attack is not possible here'
                : undefined
          }
          onClick={props.onStart}
        >
          {running ? (
            'Running'
          ) : (
            <>
              <Icon name="play" size={13} /> Start…
            </>
          )}
        </button>
      </div>
    </li>
  );
}

const WATCHED = ['error_rate', 'latency_p95', 'traffic', 'cpu'] as const;

function Running({ run, allowed }: { run: Run; allowed: boolean }) {
  const left = Date.parse(run.endsAt) - now.value;
  const key = targetKey(run.env, run.target);
  versionOf(key).value;
  const last = seriesOf(key).last;
  return (
    <Card
      class="running"
      title={
        <>
          <Icon name="chaos" size={15} /> {run.blind ? 'Sealed run' : run.experiment}
        </>
      }
      aside={
        <>
          <Status tone="info" quiet>
            {words(run.state)}
          </Status>
          <button type="button" class="button danger" disabled={!allowed} onClick={() => void stopRun(run)}>
            <Icon name="stop" size={13} /> Stop
          </button>
        </>
      }
    >
      <p class="running-line">
        <span>
          {kindWords(run.kind)} on <strong>{titleOf(run.target)}</strong> <span class="faint">{run.env}</span>
        </span>
        <span class="faint small">
          by {run.startedBy.replace(/^user:/, '')} since <At iso={run.startedAt} />
        </span>
        <span class="spring" />
        <strong class="countdown" role="timer" aria-label="Time left">
          {left > 0 ? countdown(left) : 'ending'}
        </strong>
      </p>
      <div
        class="progress"
        role="progressbar"
        aria-label="Time behind it"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(progress(run, now.value) * 100)}
      >
        <span style={{ width: `${progress(run, now.value) * 100}%` }} />
      </div>
      <div class="steady">
        {WATCHED.map((n) => (
          <div key={n}>
            <span class="value">
              <span class="value-name">{SIGNALS[n].title}</span>
              <span class="value-num">{signalValue(n, last?.signals[n])}</span>
            </span>
            <Sparkline
              target={key}
              names={[n]}
              threshold={ruleFor(run.target, n)?.threshold}
              markers={startMarker(run.startedAt)}
            />
          </div>
        ))}
      </div>
      <Log run={run} />
    </Card>
  );
}

const starts = new Map<string, number[]>();

/** The same array for the same start, so that the sparkline is not drawn again for it. */
function startMarker(at: string): number[] {
  const known = starts.get(at) ?? [Date.parse(at)];
  starts.set(at, known);
  return known;
}

function Log({ run }: { run: Run }) {
  return (
    <ol class="run-log mono" aria-label="Log of the run">
      {run.log.map((l, i) => (
        <li key={i}>
          <span class="faint">{clock(Date.parse(l.at), now.peek())}</span> {l.text}
        </li>
      ))}
    </ol>
  );
}

const END_TONE: Record<string, Tone> = { ENDED: 'ok', FAILED: 'bad' };

function PastRun({ run }: { run: Run }) {
  return (
    <li>
      <details>
        <summary>
          <Status tone={END_TONE[run.state] ?? 'idle'}>{words(run.state)}</Status>
          <span class="grow">
            <strong>{run.experiment}</strong> on {titleOf(run.target)}
            {run.endReason && <span class="faint">: {run.endReason}</span>}
          </span>
          <span class="faint small num">
            <At iso={run.startedAt} /> · <Lasting from={run.startedAt} to={run.endedAt ?? run.endsAt} />
          </span>
        </summary>
        <Log run={run} />
      </details>
    </li>
  );
}

function Confirm({ experiment: e, onClose }: { experiment: Experiment; onClose: () => void }) {
  const sample = aimsAtSample(e);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const ready = sample || typed === e.service;
  const millis = experimentMillis(e);
  return (
    <Dialog title={`Start: ${e.title}`} onClose={onClose}>
      <form
        class="form"
        onSubmit={async (event) => {
          event.preventDefault();
          if (!ready || busy) return;
          setBusy(true);
          await startRun(e.name);
          onClose();
        }}
      >
        <p>
          <strong>{kindWords(e.kind)}</strong> on <strong>{titleOf(e.service)}</strong> ({e.env})
          {millis !== null && <> for at most {duration(millis)}</>}. It can be stopped at any time and ends by itself.
        </p>
        {Object.keys(e.parameters ?? {}).length > 0 && <p class="faint mono small">{parametersText(e.parameters)}</p>}
        <p class="text-2">Expected: {e.hypothesis}</p>
        {sample ? (
          <p class="faint small">The target is the sample shop on this machine.</p>
        ) : (
          <label>
            Type <code>{e.service}</code> to confirm: this is not the sample shop
            <input
              class="field"
              autoComplete="off"
              spellcheck={false}
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </label>
        )}
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button danger" disabled={!ready || busy} autoFocus={sample}>
            Start the experiment
          </button>
        </div>
      </form>
    </Dialog>
  );
}
