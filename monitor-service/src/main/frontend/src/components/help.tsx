import { Dialog } from './dialog';

const KEYS: [string[], string][] = [
  [['/'], 'Search and jump'],
  [['g', 'o'], 'Go to the overview'],
  [['g', 'i'], 'Go to the incidents'],
  [['g', 'c'], 'Go to chaos'],
  [['j'], 'Next row'],
  [['k'], 'Previous row'],
  [['Enter'], 'Open the row'],
  [['a'], 'Acknowledge the incident of the row, or of the page'],
  [['?'], 'This help'],
  [['Esc'], 'Close'],
];

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl class="keys">
        {KEYS.map(([keys, what]) => (
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
      <p class="faint small">In a chart: drag to zoom, double-click to go back to live.</p>
    </Dialog>
  );
}
