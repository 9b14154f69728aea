import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { activeRuns, can, openIncidents, statusPage } from '../state/store';
import { Dialog } from './dialog';
import { Icon, type IconName } from './icon';
import { Hidden } from './marks';

interface Place {
  href: string;
  title: string;
  icon: IconName;
  count?: () => number;
  countWords?: string;
  scope?: string;
}

const PLACES: Place[] = [
  { href: '/', title: 'Overview', icon: 'overview' },
  {
    href: '/incidents',
    title: 'Incidents',
    icon: 'incident',
    count: () => openIncidents.value.length,
    countWords: 'open',
  },
  { href: '/chaos', title: 'Chaos', icon: 'chaos', count: () => activeRuns.value.length, countWords: 'running' },
  { href: '/slos', title: 'Objectives', icon: 'chart' },
  { href: '/rules', title: 'Back-test a rule', icon: 'play', scope: 'respond' },
  { href: '/remediations', title: 'Remediation log', icon: 'wrench' },
  { href: '/notifications', title: 'Notifications', icon: 'bell' },
  { href: '/logs/monitor', title: 'Logs', icon: 'logs', scope: 'respond' },
  { href: '/admin', title: 'Admin', icon: 'admin', scope: 'admin' },
];

function isHere(path: string, place: Place): boolean {
  if (place.href === '/') return path === '/' || path.startsWith('/services/');
  const root = `/${place.href.split('/')[1]}`;
  return path === root || path.startsWith(`${root}/`);
}

function PlaceLink({ place, onGo }: { place: Place; onGo?: () => void }) {
  const { path } = useLocation();
  const count = place.count?.() ?? 0;
  return (
    <a class="place" href={place.href} aria-current={isHere(path, place) ? 'page' : undefined} onClick={onGo}>
      <Icon name={place.icon} size={17} />
      <span class="place-title">{place.title}</span>
      {count > 0 && (
        <span class={`count ${place.href === '/incidents' ? 'bad' : 'info'}`}>
          {count}
          <Hidden> {place.countWords}</Hidden>
        </span>
      )}
    </a>
  );
}

function StatusPageLink() {
  return (
    <a class="place" href="/status" target="_blank" rel="noopener">
      <Icon name="external" size={17} />
      <span class="place-title">Status page</span>
      {statusPage.value && statusPage.value.indicator !== 'none' && (
        <span class="count bad" title={statusPage.value.description}>
          !<Hidden>{statusPage.value.description}</Hidden>
        </span>
      )}
    </a>
  );
}

const allowed = () => PLACES.filter((p) => !p.scope || can(p.scope));

export function Navigation() {
  return (
    <nav class="side" aria-label="Main">
      <a class="brand" href="/" aria-label="Watchtower, overview">
        <span class="brand-mark">
          <Icon name="logo" size={18} />
        </span>
        <span class="place-title">Watchtower</span>
      </a>
      <div class="places">
        {allowed().map((p) => (
          <PlaceLink key={p.href} place={p} />
        ))}
      </div>
      <div class="places foot">
        <StatusPageLink />
      </div>
    </nav>
  );
}

/** The navigation of narrow screens: three places at the thumb, the others behind "More". */
export function Tabs() {
  const [more, setMore] = useState(false);
  return (
    <nav class="tabs" aria-label="Main, short">
      {PLACES.slice(0, 3).map((p) => (
        <PlaceLink key={p.href} place={p} />
      ))}
      <button type="button" class="place" aria-haspopup="dialog" onClick={() => setMore(true)}>
        <Icon name="menu" size={17} />
        <span class="place-title">More</span>
      </button>
      {more && (
        <Dialog title="Go to" onClose={() => setMore(false)}>
          <div class="places in-dialog">
            {allowed()
              .slice(3)
              .map((p) => (
                <PlaceLink key={p.href} place={p} onGo={() => setMore(false)} />
              ))}
            <StatusPageLink />
          </div>
        </Dialog>
      )}
    </nav>
  );
}
