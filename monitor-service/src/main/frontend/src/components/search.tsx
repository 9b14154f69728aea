import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { call, itemsOf } from '../api/http';
import type { Experiment, Incident } from '../api/types';
import { find } from '../lib/find';
import { legible, words } from '../lib/format';
import { neighbour } from '../lib/keys';
import { PLACES } from '../lib/places';
import { servicePath } from '../lib/service-path';
import { can, incidents, targets } from '../state/store';
import { Dialog } from './dialog';
import { Icon, type IconName } from './icon';

interface Hit {
  title: string;
  more: string;
  href: string;
  icon: IconName;
}

const ACCOUNT: Hit = { title: 'Change the password', more: 'account', href: '/account', icon: 'key' };

function pages(): Hit[] {
  const places = PLACES.filter((p) => p.href !== '/logs/monitor' && (!p.scope || can(p.scope)));
  return [...places.map((p) => ({ title: p.title, more: `page ${p.more}`, href: p.href, icon: p.icon })), ACCOUNT];
}

/** Search and jump: services, incidents, experiments, pages. */
export function Search({ onClose }: { onClose: () => void }) {
  const { route } = useLocation();
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const [experiments, setExperiments] = useState<Experiment[]>([]);
  const [past, setPast] = useState<Incident[]>([]);

  useEffect(() => {
    call('GET', '/bff/chaos/api/v1/experiments').then(
      (b) => setExperiments(itemsOf(b)),
      () => undefined,
    );
    call('GET', '/bff/incident/api/v1/incidents').then(
      (b) => setPast(itemsOf(b)),
      () => undefined,
    );
  }, []);

  const known = new Set(incidents.value.map((i) => i.id));
  const all: Hit[] = [
    ...targets.value.map(
      (t): Hit => ({
        title: t.service.title,
        more: legible(`service ${t.service.name} ${t.env}`),
        href: servicePath(t.env, t.service.name),
        icon: 'chart',
      }),
    ),
    ...[...incidents.value, ...past.filter((i) => !known.has(i.id))].map(
      (i): Hit => ({
        title: `#${i.number} ${i.title}`,
        more: `incident ${i.service} ${words(i.state)} ${i.severity}`,
        href: `/incidents/${i.id}`,
        icon: 'incident',
      }),
    ),
    ...pages(),
    ...(can('respond')
      ? ['monitor', 'ingest', 'incident', 'analysis', 'chaos'].map(
          (s): Hit => ({
            title: `Logs of ${s}-service`,
            more: 'page',
            href: `/logs/${s}`,
            icon: 'logs',
          }),
        )
      : []),
    ...experiments.map(
      (e): Hit => ({
        title: e.title,
        more: `experiment ${e.name} ${e.kind}`,
        href: `/chaos#${e.name}`,
        icon: 'chaos',
      }),
    ),
  ];
  const hits = find(all, query);
  const here = Math.min(at, hits.length - 1);
  const go = (hit: Hit | undefined) => {
    if (!hit) return;
    onClose();
    route(hit.href);
  };

  return (
    <Dialog title="Search and jump" onClose={onClose}>
      <input
        class="field large"
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="hits"
        aria-activedescendant={hits.length > 0 ? `hit-${here}` : undefined}
        aria-label="Services, incidents, experiments, pages"
        placeholder="Services, incidents, experiments, pages"
        autoFocus
        value={query}
        onInput={(e) => {
          setQuery(e.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(e) => {
          if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
            e.preventDefault();
            setAt(neighbour(hits.length, here, e.key === 'ArrowDown' ? 1 : -1));
          } else if (e.key === 'Enter') {
            e.preventDefault();
            go(hits[here]);
          }
        }}
      />
      <div class="hits" id="hits" role="listbox" aria-label="Found">
        {hits.map((h, i) => (
          <div
            key={h.href + h.title}
            id={`hit-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === here}
            class="hit"
            onClick={() => go(h)}
            onKeyDown={(e) => e.key === 'Enter' && go(h)}
            onMouseMove={() => setAt(i)}
          >
            <Icon name={h.icon} />
            <span class="grow ellipsis">{h.title}</span>
            <span class="faint small ellipsis">{h.more}</span>
          </div>
        ))}
        {hits.length === 0 && <p class="faint pad">Nothing found for “{query}”.</p>}
      </div>
    </Dialog>
  );
}
