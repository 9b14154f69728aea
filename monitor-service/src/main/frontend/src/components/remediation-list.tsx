import { useState } from 'preact/hooks';
import { call } from '../api/http';
import type { Remediation } from '../api/types';
import { words } from '../lib/format';
import { effectWords, order, remediationTone, waitsForPerson } from '../lib/remediation';
import { attempt } from '../state/actions';
import { can, readOnly } from '../state/store';
import { Dialog } from './dialog';
import { At, Status } from './marks';

type Decision = 'approve' | 'reject';

export function RemediationList(props: { list: readonly Remediation[]; onChange: () => void; linked?: boolean }) {
  const [asked, setAsked] = useState<{ remediation: Remediation; decision: Decision } | null>(null);
  const may = can('respond') && !readOnly.value;
  return (
    <>
      <ul class="remediations">
        {props.list.map((r) => (
          <li key={r.id} class={waitsForPerson(r) ? 'waits' : ''}>
            <Status tone={remediationTone(r.state)}>{words(r.state)}</Status>
            <span class="grow">
              <Order remediation={r} />
              {r.detail && <>: {r.detail}</>}
              {r.dryRun && <span class="tag spaced">Dry run, nothing is done</span>}
              {r.risky && <span class="badge warn spaced">Risky</span>}
              <Effect remediation={r} />
              <span class="faint small block">
                {r.trigger && <>because {r.trigger} · </>}
                {r.playbook} · <At iso={r.at} />
                {props.linked && r.incidentId && (
                  <>
                    {' '}
                    · <a href={`/incidents/${r.incidentId}`}>Incident</a>
                  </>
                )}
              </span>
            </span>
            {waitsForPerson(r) && may && (
              <span class="actions">
                <button
                  type="button"
                  class="button small primary"
                  onClick={() => setAsked({ remediation: r, decision: 'approve' })}
                >
                  Approve…
                </button>
                <button
                  type="button"
                  class="button small"
                  onClick={() => setAsked({ remediation: r, decision: 'reject' })}
                >
                  Reject…
                </button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {asked && (
        <Decide
          {...asked}
          onClose={() => setAsked(null)}
          onDone={() => {
            setAsked(null);
            props.onChange();
          }}
        />
      )}
    </>
  );
}

/** What is done on what, in bold, and for which service where that is another one. */
function Order({ remediation: r }: { remediation: Remediation }) {
  const { what, on, whose } = order(r);
  return (
    <>
      {what} <strong>{on}</strong>
      {whose && <> for {whose}</>}
    </>
  );
}

/** What is expected, and what was measured before and after. */
function Effect({ remediation: r }: { remediation: Remediation }) {
  const effect = effectWords(r.effect);
  if (!r.expected && !r.undo && !r.before && !r.after) return null;
  return (
    <span class="effect small">
      {r.expected && (
        <span>
          <span class="faint">Expected</span> {r.expected}
        </span>
      )}
      {(r.before || r.after) && (
        <span class="num">
          <span class="faint">before</span> {r.before ?? '–'} <span class="faint">after</span> {r.after ?? '–'}
        </span>
      )}
      {effect && (
        <Status tone={effect.tone} quiet>
          {effect.text}
        </Status>
      )}
      {r.undo && (
        <span>
          <span class="faint">Taken back,</span> {r.undo}
        </span>
      )}
    </span>
  );
}

function Decide(props: { remediation: Remediation; decision: Decision; onClose: () => void; onDone: () => void }) {
  const { remediation: r, decision } = props;
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const yes = decision === 'approve';
  const send = async (e: Event) => {
    e.preventDefault();
    setBusy(true);
    await attempt(yes ? 'It was not approved' : 'It was not rejected', () =>
      call('POST', `/bff/incident/api/v1/remediations/${r.id}/${decision}`, { comment: comment.trim() || null }),
    );
    setBusy(false);
    // Also after a refusal: somebody else has decided, and the list says who.
    props.onDone();
  };
  return (
    <Dialog title={yes ? 'Approve this repair' : 'Reject this repair'} onClose={props.onClose}>
      <form class="form" onSubmit={send}>
        <p>
          <Order remediation={r} /> {r.env && <>in {r.env}</>}
          {r.trigger && <>, because {r.trigger}</>}.
        </p>
        <p class="text-2">
          {r.expected ? `Expected: ${r.expected}.` : 'The playbook does not say what it is to bring about.'}{' '}
          {yes &&
            'It begins at once. If it does not help it is taken back where that is possible, and people are told.'}
        </p>
        <label>
          Comment
          <textarea
            class="field"
            autoFocus
            maxLength={2000}
            value={comment}
            onInput={(e) => setComment(e.currentTarget.value)}
          />
          <span class="hint">Optional; it goes on the timeline.</span>
        </label>
        <div class="actions">
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" class={`button ${yes ? 'primary' : 'danger'}`} disabled={busy}>
            {yes ? 'Approve' : 'Reject'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
