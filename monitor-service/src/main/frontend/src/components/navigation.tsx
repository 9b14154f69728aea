import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { type Group, isHere, PLACES, type Place, visible } from '../lib/places';
import { activeRuns, can, openIncidents, statusPage } from '../state/store';
import { Dialog } from './dialog';
import { Icon } from './icon';
import { Hidden } from './marks';

const COUNTS: Record<string, { count: () => number; words: string; tone: string }> = {
  '/incidents': { count: () => openIncidents.value.length, words: 'open', tone: 'bad' },
  '/chaos': { count: () => activeRuns.value.length, words: 'running', tone: 'info' },
};

/** What stays in sight on narrow screens. */
const AT_THE_THUMB = ['/', '/incidents', '/on-call'];

function PlaceLink({ place, onGo }: { place: Place; onGo?: () => void }) {
  const { path } = useLocation();
  const counted = COUNTS[place.href];
  const count = counted?.count() ?? 0;
  return (
    <a
      class="place"
      href={place.href}
      aria-current={isHere(path, place) ? 'page' : undefined}
      title={`g ${place.key}`}
      onClick={onGo}
    >
      <Icon name={place.icon} size={17} />
      <span class="place-title">{place.title}</span>
      {counted && count > 0 && (
        <span class={`count ${counted.tone}`}>
          {count}
          <Hidden> {counted.words}</Hidden>
        </span>
      )}
    </a>
  );
}

function PlaceGroup({ group, onGo }: { group: Group; onGo?: () => void }) {
  return (
    <div class="places" role="group" aria-label={group.title || 'Now'}>
      {group.title && (
        <span class="place-group" aria-hidden="true">
          {group.title}
        </span>
      )}
      {group.places.map((p) => (
        <PlaceLink key={p.href} place={p} {...(onGo ? { onGo } : {})} />
      ))}
    </div>
  );
}

function StatusPageLink() {
  return (
    <a class="place" href="/status" target="_blank" rel="noopener">
      <Icon name="external" size={17} />
      <span class="place-title">Status page</span>
      {statusPage.value && statusPage.value.indicator !== 'none' && (
        <span
          class={`count ${statusPage.value.indicator === 'maintenance' ? 'info' : 'bad'}`}
          title={statusPage.value.description}
        >
          !<Hidden>{statusPage.value.description}</Hidden>
        </span>
      )}
    </a>
  );
}

export function Navigation() {
  return (
    <nav class="side" aria-label="Main">
      <a class="brand" href="/" aria-label="Watchtower, overview">
        <span class="brand-mark">
          <Icon name="logo" size={18} />
        </span>
        <span class="place-title">Watchtower</span>
      </a>
      <div class="place-groups">
        {visible(can).map((g) => (
          <PlaceGroup key={g.title} group={g} />
        ))}
      </div>
      <div class="places foot">
        <StatusPageLink />
      </div>
    </nav>
  );
}

/** The navigation of narrow screens: three places at the thumb, all behind "More". */
export function Tabs() {
  const [more, setMore] = useState(false);
  return (
    <nav class="tabs" aria-label="Main, short">
      {PLACES.filter((p) => AT_THE_THUMB.includes(p.href)).map((p) => (
        <PlaceLink key={p.href} place={p} />
      ))}
      <button type="button" class="place" aria-haspopup="dialog" onClick={() => setMore(true)}>
        <Icon name="menu" size={17} />
        <span class="place-title">More</span>
      </button>
      {more && (
        <Dialog title="Go to" onClose={() => setMore(false)}>
          <div class="place-groups in-dialog">
            {visible(can).map((g) => (
              <PlaceGroup key={g.title} group={g} onGo={() => setMore(false)} />
            ))}
            <div class="places">
              <StatusPageLink />
            </div>
          </div>
        </Dialog>
      )}
    </nav>
  );
}
