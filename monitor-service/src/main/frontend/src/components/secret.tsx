import { useState } from 'preact/hooks';
import { Dialog } from './dialog';

/** Something that is shown this once. */
export function Secret(props: { title: string; secret: string; onClose: () => void }) {
  const [copied, setCopied] = useState('Copy');
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <p>
        <strong>Copy it now.</strong> It is not kept and cannot be shown again.
      </p>
      <code class="secret">{props.secret}</code>
      <div class="actions">
        <button
          type="button"
          class="button"
          onClick={() =>
            navigator.clipboard.writeText(props.secret).then(
              () => setCopied('Copied'),
              () => setCopied('Not allowed: copy by hand'),
            )
          }
        >
          {copied}
        </button>
        <button type="button" class="button primary" onClick={props.onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
