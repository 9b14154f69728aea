import { useState } from 'preact/hooks';
import { call, sentence } from '../api/http';
import type { Analysis, Incident } from '../api/types';
import { disagreement, isByChoice } from '../lib/analysis';
import { plural, words } from '../lib/format';
import { servicePath } from '../lib/service-path';
import { can } from '../state/store';
import { EvidenceList } from './evidence';
import { Icon } from './icon';
import { At, Hidden, Status, type Tone } from './marks';
import { Card, Empty } from './states';
import { notify } from './toasts';

/** The likely cause: hypotheses with their evidence, the statistical ranking beside them, what to do, what is at stake. */
export function Cause({
  analysis,
  incident,
  note,
}: {
  analysis: Analysis | null;
  incident: Incident;
  note: string | null;
}) {
  if (!analysis || (analysis.status === 'RUNNING' && analysis.candidates.length === 0)) {
    return (
      <Card title="Likely cause">
        {note ? (
          <Empty icon="unknown" title="No analysis can be read">
            {note}
          </Empty>
        ) : (
          <Empty icon="clock" title="The analysis is under way">
            It collects what deviates and what changed. The result appears here by itself, usually within seconds.
          </Empty>
        )}
      </Card>
    );
  }
  const differs = disagreement(analysis);
  return (
    <>
      <Card
        title="Likely cause"
        aside={
          <span class="faint small">
            {analysis.source === 'LLM' ? `By the model ${analysis.model ?? ''}` : 'By statistics'}
            {typeof analysis.millis === 'number' && ` in ${analysis.millis} ms`} · <At iso={analysis.createdAt} />
          </span>
        }
      >
        {analysis.degraded && <Degraded why={analysis.degraded} />}
        {note && <p class="faint small gap-below">{note}</p>}
        {analysis.status === 'FAILED' && <p class="faint">The analysis failed. What it found before that is shown.</p>}
        {analysis.hypotheses.length === 0 ? (
          <p class="faint">No hypothesis stands on evidence. The ranking below says what deviates most.</p>
        ) : (
          <ol class="hypotheses">
            {analysis.hypotheses.map((h) => (
              <li key={h.rank}>
                <span class="rank" aria-hidden="true">
                  {h.rank}
                </span>
                <div class="grow">
                  <p class="statement">{h.statement}</p>
                  <Confidence value={h.confidence} />
                  <Feedback analysis={analysis} rank={h.rank} />
                  <EvidenceList ids={h.evidence} analysis={analysis} env={incident.env} />
                </div>
              </li>
            ))}
          </ol>
        )}
        {analysis.suggestions.length > 0 && (
          <>
            <h3 class="section-head">Next steps</h3>
            <ul class="suggestions">
              {analysis.suggestions.map((s) => (
                <li key={s.text}>
                  <span class={`tag ${s.kind === 'CHECK' ? '' : 'strong'}`}>{words(s.kind)}</span>
                  <span>{s.text}</span>
                </li>
              ))}
            </ul>
          </>
        )}
      </Card>
      <div class="pair">
        <Ranking analysis={analysis} differs={differs} env={incident.env} />
        <RiskCard analysis={analysis} />
      </div>
    </>
  );
}

function Confidence({ value }: { value: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, value)) * 100);
  const word = value >= 0.75 ? 'Likely' : value >= 0.4 ? 'Possible' : 'Unlikely';
  return (
    <span class="confidence">
      <span class="meter" aria-hidden="true">
        <span style={{ width: `${percent}%` }} />
      </span>
      {word} · {percent} %
    </span>
  );
}

/** Tells analysis-service whether it was that; what people say is kept for grading. */
function Feedback({ analysis, rank }: { analysis: Analysis; rank: number }) {
  const [said, setSaid] = useState<string | null>(null);
  if (!can('respond') || !analysis.id) return null;
  const say = async (verdict: 'CONFIRMED' | 'WRONG') => {
    try {
      await call('POST', `/bff/analysis/api/v1/analyses/${analysis.id}/feedback`, { verdict, rank });
      setSaid(verdict === 'CONFIRMED' ? 'Kept: this was it.' : 'Kept: this was not it.');
    } catch (e) {
      notify('bad', `Your answer was not kept: ${sentence(e)}`);
    }
  };
  if (said) return <span class="feedback faint small">{said}</span>;
  return (
    <span class="feedback">
      <button type="button" class="button ghost small" onClick={() => void say('CONFIRMED')}>
        It was this<Hidden>: hypothesis {rank}</Hidden>
      </button>
      <button type="button" class="button ghost small" onClick={() => void say('WRONG')}>
        It was not<Hidden>: hypothesis {rank}</Hidden>
      </button>
    </span>
  );
}

function Ranking({ analysis, differs, env }: { analysis: Analysis; differs: string | null; env: string }) {
  const top = Math.max(...analysis.candidates.map((c) => c.score), 0) || 1;
  return (
    <Card title="Statistical ranking">
      {differs && (
        <div class="inset warn">
          <Icon name="warn" />
          <p>{differs}</p>
        </div>
      )}
      {analysis.candidates.length === 0 ? (
        <p class="faint">Nothing deviates clearly from the time before.</p>
      ) : (
        <ol class="ranking">
          {analysis.candidates.slice(0, 8).map((c) => (
            <li key={`${c.service}/${c.signal}`}>
              <a href={servicePath(env, c.service)} class="grow ellipsis">
                <strong>{c.service}</strong> <span class="faint">{c.signal}</span>
              </a>
              <span class="meter" aria-hidden="true">
                <span style={{ width: `${Math.max(2, (c.score / top) * 100)}%` }} />
              </span>
              <span class="num score">
                <Hidden>Score </Hidden>
                {c.score.toFixed(1)}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

const RISK_TONE: Record<string, Tone> = { LOW: 'ok', MEDIUM: 'warn', HIGH: 'bad', CRITICAL: 'bad' };

function RiskCard({ analysis }: { analysis: Analysis }) {
  const { risk } = analysis;
  const missing = analysis.evidence.filter((e) => e.kind === 'MISSING');
  return (
    <Card title="Risk and blast radius">
      {risk ? (
        <>
          <p class="risk-level">
            <Status tone={RISK_TONE[risk.level] ?? 'idle'}>{words(risk.level)}</Status>
            <span class="faint">{plural(risk.blastRadius.length, 'service')} affected</span>
          </p>
          <p>{risk.why}</p>
          <p class="chips names">
            {risk.blastRadius.map((s) => (
              <span key={s} class="tag">
                {s}
              </span>
            ))}
          </p>
        </>
      ) : (
        <p class="faint">Not estimated.</p>
      )}
      {missing.length > 0 && (
        <ul class="plain-list small faint">
          {missing.map((m) => (
            <li key={m.id}>Missing: {m.summary}</li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Running without a model is a choice, not a fault; everything else that is missing may be one. */
function Degraded({ why }: { why: string }) {
  return isByChoice(why) ? (
    <p class="faint small gap-below">No model is configured: this is what the statistics say.</p>
  ) : (
    <div class="inset warn">
      <Icon name="warn" />
      <p>{why}</p>
    </div>
  );
}
