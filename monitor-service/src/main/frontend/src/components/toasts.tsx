import { signal } from '@preact/signals';
import { Icon } from './icon';

/** Short notices about what was just done; errors stay until closed. */
interface Toast {
  id: number;
  tone: 'ok' | 'bad' | 'info';
  text: string;
}

const toasts = signal<readonly Toast[]>([]);
let next = 1;

export function notify(tone: Toast['tone'], text: string): void {
  const id = next++;
  toasts.value = [...toasts.value.slice(-3), { id, tone, text }];
  if (tone !== 'bad') setTimeout(() => close(id), 6000);
}

function close(id: number): void {
  toasts.value = toasts.value.filter((t) => t.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((t) => (
        <div key={t.id} class={`toast ${t.tone}`}>
          <Icon name={t.tone === 'ok' ? 'ok' : t.tone === 'bad' ? 'bad' : 'clock'} />
          <span>{t.text}</span>
          <button
            type="button"
            class="button ghost icon-only"
            aria-label="Close this notice"
            onClick={() => close(t.id)}
          >
            <Icon name="close" size={14} />
          </button>
        </div>
      ))}
    </div>
  );
}
