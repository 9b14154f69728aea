import { useId } from 'preact/hooks';
import type { Severity } from '../api/types';
import { SeverityBadge } from './marks';

const SEVERITIES: { value: Severity; means: string }[] = [
  { value: 'SEV1', means: 'everything is down, or data is at risk' },
  { value: 'SEV2', means: 'many customers cannot do what they came for' },
  { value: 'SEV3', means: 'some are slowed down, there is a way around' },
  { value: 'SEV4', means: 'nobody outside notices' },
];

/** The four severities with what they mean; with `value` empty none is chosen yet, and one has to be. */
export function SeverityChoice(props: {
  value: Severity | '';
  onChange: (severity: Severity) => void;
  /** Why the one that was sent was refused. */
  fault?: string | undefined;
}) {
  const id = useId();
  return (
    <fieldset class="choices" aria-describedby={props.fault ? id : undefined}>
      <legend>Severity</legend>
      {SEVERITIES.map((s) => (
        <label key={s.value}>
          <input
            type="radio"
            name="severity"
            required
            checked={props.value === s.value}
            onChange={() => props.onChange(s.value)}
          />
          <SeverityBadge severity={s.value} />
          <span>{s.means}</span>
        </label>
      ))}
      {props.fault && (
        <span class="fault small" id={id}>
          {props.fault}
        </span>
      )}
    </fieldset>
  );
}
