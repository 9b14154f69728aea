import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { call, itemsOf } from '../api/http';
import type { LogLine } from '../api/types';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { clock, utc, words } from '../lib/format';
import { useLoad } from '../lib/load';
import { fieldsText, LEVELS, lineMatches, readLogLine, traceIn } from '../lib/logs';
import { useTitle } from '../lib/title';
import { now } from '../state/store';

const SERVICES = ['monitor', 'ingest', 'incident', 'analysis', 'chaos'];

/** The recent log lines of one of Watchtower's services. */
export function LogsPage(props: { service?: string }) {
  const { route } = useLocation();
  const service = SERVICES.includes(props.service ?? '') ? props.service! : 'monitor';
  useTitle(`Logs of ${service}`);
  const [level, setLevel] = useState('INFO');
  const [text, setText] = useState('');
  const base = service === 'monitor' ? '/logs' : `/bff/${service}/logs`;
  // Of a trace everything is asked for: most of its lines can be finer, or older, than what is shown.
  const trace = traceIn(text);
  const query = trace ? `level=TRACE&trace=${trace}` : `level=${level}`;
  const logs = useLoad(
    async () => itemsOf<Record<string, unknown>>(await call('GET', `${base}?${query}&limit=500`)).map(readLogLine),
    [base, query],
  );
  const lines = (logs.data ?? []).filter((l) => lineMatches(l, text)).toSorted((a, b) => b.at.localeCompare(a.at));
  return (
    <div class="page">
      <header class="page-head">
        <h1>Logs</h1>
        <div class="segments wrap" role="group" aria-label="Service">
          {SERVICES.map((s) => (
            <button key={s} type="button" aria-pressed={s === service} onClick={() => route(`/logs/${s}`)}>
              {s}
            </button>
          ))}
        </div>
        <span class="spring" />
        <div class="filters">
          <label>
            From level
            <select
              class="field"
              value={trace ? '' : level}
              disabled={trace !== null}
              onChange={(e) => setLevel(e.currentTarget.value)}
            >
              {trace && <option value="">All of the trace</option>}
              {LEVELS.map((l) => (
                <option key={l} value={l}>
                  {words(l)}
                </option>
              ))}
            </select>
          </label>
          <input
            class="field"
            type="search"
            aria-label="Lines that contain"
            placeholder="Words, a trace id…"
            value={text}
            onInput={(e) => setText(e.currentTarget.value)}
          />
          <button type="button" class="button" onClick={logs.reload}>
            Refresh
          </button>
        </div>
      </header>
      {logs.error ? (
        <Failed what={`The log of ${service}-service cannot be read`} error={logs.error} retry={logs.reload} />
      ) : !logs.data ? (
        <Skeleton rows={10} label="Loading the log" />
      ) : (
        <Card
          class="flush"
          title={<span class="faint small">Newest first{logs.at && `, read at ${clock(logs.at)}`}</span>}
          label="Log lines"
        >
          {lines.length === 0 ? (
            <Empty icon="logs" title={text ? 'No line contains that' : 'No lines'}>
              The service keeps its newest lines only.
            </Empty>
          ) : (
            <ol class="log">
              {lines.map((l, i) => (
                <Line key={`${l.at}-${i}`} line={l} onTrace={setText} />
              ))}
            </ol>
          )}
        </Card>
      )}
    </div>
  );
}

const LEVEL_TONE: Record<string, string> = { ERROR: 'bad', WARN: 'warn', INFO: 'idle', DEBUG: 'idle', TRACE: 'idle' };

function Line({ line, onTrace }: { line: LogLine; onTrace: (trace: string) => void }) {
  const at = Date.parse(line.at);
  return (
    <li class={LEVEL_TONE[line.level] ?? 'idle'}>
      <time class="faint num" dateTime={line.at} title={utc(at)}>
        {clock(at, now.peek())}
      </time>
      <span class="log-level">{line.level}</span>
      <span class="log-text">
        {line.message} <span class="faint">{fieldsText(line.fields)}</span>
        {line.trace && (
          <button
            type="button"
            class="trace"
            title={`All lines of the trace ${line.trace}`}
            onClick={() => onTrace(line.trace!)}
          >
            {line.trace.slice(0, 8)}
          </button>
        )}
        {line.exception && (
          <details>
            <summary>Exception</summary>
            <pre class="pre">{line.exception}</pre>
          </details>
        )}
      </span>
    </li>
  );
}
