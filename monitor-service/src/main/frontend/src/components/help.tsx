import { PLACES } from '../lib/places';
import { can } from '../state/store';
import { Dialog } from './dialog';

const KEYS: [string[], string][] = [
  [['/'], 'Search and jump'],
  [['j'], 'Next row'],
  [['k'], 'Previous row'],
  [['Enter'], 'Open the row'],
  [['a'], 'Acknowledge the incident of the row, or of the page'],
  [['Ctrl', 'Enter'], 'Send what you type'],
  [['?'], 'This help'],
  [['Esc'], 'Close'],
];

function Keys({ all }: { all: [string[], string][] }) {
  return (
    <dl class="keys">
      {all.map(([keys, what]) => (
        <div key={what}>
          <dt>
            {keys.map((k) => (
              <kbd key={k}>{k}</kbd>
            ))}
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Help({ onClose }: { onClose: () => void }) {
  const places = PLACES.filter((p) => !p.scope || can(p.scope));
  return (
    <Dialog title="Keyboard" onClose={onClose} wide>
      <div class="keys-columns">
        <section>
          <h3>Anywhere</h3>
          <Keys all={KEYS} />
        </section>
        <section>
          <h3>Go to</h3>
          <Keys all={places.map((p) => [['g', p.key], p.title])} />
        </section>
      </div>
      <p class="faint small">In a chart: drag to zoom, double-click to go back to live.</p>
    </Dialog>
  );
}
