import { useEffect } from 'preact/hooks';
import { call, itemsOf } from '../api/http';
import type { EscalationPolicy, Rotation, Shift } from '../api/types';
import { At, Status } from '../components/marks';
import { readPolicies } from '../components/people';
import { Card, Empty, Failed, Skeleton } from '../components/states';
import { ago, duration } from '../lib/format';
import { useLoad } from '../lib/load';
import { covers, policyLines } from '../lib/people';
import { useTitle } from '../lib/title';
import { me, now } from '../state/store';

/** Who is on call now and next, and who is told when nobody takes an incident up. */
export function OnCallPage() {
  useTitle('On call');
  const rotations = useLoad(async () => itemsOf<Rotation>(await call('GET', '/bff/incident/api/v1/on-call')), []);
  const policies = useLoad(readPolicies, []);
  const { reload } = rotations;
  // A hand-over is known beforehand: it is read again when its time comes.
  const next = Math.min(
    ...(rotations.data ?? []).map((r) => Date.parse(r.now.until ?? '')).filter((t) => Number.isFinite(t)),
  );
  const due = Number.isFinite(next) && now.value > next + 1500;
  useEffect(() => {
    if (due) reload();
  }, [due, reload]);
  return (
    <div class="page">
      <header class="page-head">
        <h1>On call</h1>
        <p class="lead">
          Who is told now, who comes next, and what happens while nobody takes an incident up. Rotations and policies
          stand under <code>escalation:</code> in the catalog.
        </p>
      </header>
      {rotations.error && !rotations.data ? (
        <Failed what="Who is on call cannot be read" error={rotations.error} retry={reload} />
      ) : !rotations.data ? (
        <Skeleton rows={3} label="Loading the rotations" />
      ) : rotations.data.length === 0 ? (
        <Card label="Rotations">
          <Empty icon="phone" title="No rotation is set up">
            Nobody is on call by name. Add one under <code>escalation: rotations:</code>; it is reloaded by itself.
          </Empty>
        </Card>
      ) : (
        <div class="rotations">
          {rotations.data.map((r) => (
            <RotationCard key={r.rotation} rotation={r} />
          ))}
        </div>
      )}
      <Policies policies={policies.data} error={policies.error} reload={policies.reload} />
    </div>
  );
}

function RotationCard({ rotation: r }: { rotation: Rotation }) {
  const mine = me.value?.name;
  return (
    <Card title={r.rotation} aside={<span class="faint small">{r.timeZone}</span>}>
      <p class="on-call-now">
        {r.now.person ? (
          <>
            <strong>{r.now.person}</strong>
            {r.now.person === mine && <span class="badge info">That is you</span>}
          </>
        ) : (
          <Status tone="bad">Nobody is on call</Status>
        )}
      </p>
      <p class="text-2">{r.now.until ? <Until shift={r.now} /> : 'No hand-over in sight.'}</p>
      <p class="next-shift">
        <span class="faint">Next</span>{' '}
        {r.next ? (
          <>
            <strong>{r.next.person ?? 'nobody'}</strong> from <At iso={r.next.from} />
          </>
        ) : (
          <span class="faint">not known</span>
        )}
      </p>
    </Card>
  );
}

function Until({ shift }: { shift: Shift }) {
  const left = Date.parse(shift.until ?? '') - now.value;
  return (
    <>
      until <At iso={shift.until} />
      {left > 0 ? ` (${duration(left - (left % 60_000))} left)` : `, ended ${ago(now.value + left, now.value)}`}
    </>
  );
}

function Policies(props: { policies: readonly EscalationPolicy[] | null; error: string | null; reload: () => void }) {
  if (props.error && !props.policies)
    return <Failed what="The policies cannot be read" error={props.error} retry={props.reload} />;
  if (!props.policies) return <Skeleton rows={4} label="Loading the policies" />;
  return (
    <Card title="Policies" class="flush">
      {props.policies.length === 0 ? (
        <Empty icon="user" title="Nothing escalates">
          Without a policy the notification at the opening is all there is. Add one under{' '}
          <code>escalation: policies:</code>.
        </Empty>
      ) : (
        <ul class="policies">
          {props.policies.map((p) => (
            <li key={p.name}>
              <p>
                <strong>{p.name}</strong> <span class="faint">for {covers(p)}</span>
              </p>
              <ol>
                {policyLines(p).map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ol>
            </li>
          ))}
        </ul>
      )}
      {props.policies.length > 1 && <p class="pad faint small">The first policy that fits an incident counts.</p>}
    </Card>
  );
}
