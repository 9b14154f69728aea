import type { IconName } from '../components/icon';

/** Every page of the dashboard, in the order and groups of the navigation; shortcuts, help and search are made from it. */
export interface Place {
  href: string;
  title: string;
  icon: IconName;
  /** The letter after `g`. */
  key: string;
  /** More words to find it by. */
  more: string;
  /** Only for those who have this scope. */
  scope?: string;
}

export interface Group {
  title: string;
  places: Place[];
}

export const GROUPS: readonly Group[] = [
  {
    title: '',
    places: [
      { href: '/', title: 'Overview', icon: 'overview', key: 'o', more: 'services signals health' },
      { href: '/incidents', title: 'Incidents', icon: 'incident', key: 'i', more: 'open resolved' },
    ],
  },
  {
    title: 'Respond',
    places: [
      { href: '/on-call', title: 'On call', icon: 'phone', key: 'p', more: 'rotation escalation policy pager' },
      { href: '/silences', title: 'Silences', icon: 'mute', key: 's', more: 'maintenance window mute muted' },
      { href: '/notifications', title: 'Notifications', icon: 'bell', key: 'n', more: 'discord channel outbox retry' },
      { href: '/remediations', title: 'Remediation', icon: 'wrench', key: 'r', more: 'playbook approve repair log' },
    ],
  },
  {
    title: 'Learn',
    places: [
      { href: '/action-items', title: 'Action items', icon: 'check', key: 't', more: 'postmortem todo owner due' },
      {
        href: '/measures',
        title: 'Measures',
        icon: 'chart',
        key: 'm',
        more: 'time to detect acknowledge resolve noise',
      },
      { href: '/slos', title: 'Objectives', icon: 'target', key: 'b', more: 'slo error budget burn rate' },
    ],
  },
  {
    title: 'Test',
    places: [
      { href: '/chaos', title: 'Chaos', icon: 'chaos', key: 'c', more: 'experiment run drill' },
      { href: '/rules', title: 'Rules', icon: 'table', key: 'k', more: 'alert threshold firing back-test replay' },
    ],
  },
  {
    title: 'System',
    places: [
      { href: '/logs/monitor', title: 'Logs', icon: 'logs', key: 'l', more: 'lines errors', scope: 'respond' },
      { href: '/audit', title: 'Audit', icon: 'shield', key: 'u', more: 'who did what trail chain', scope: 'admin' },
      { href: '/admin', title: 'Admin', icon: 'admin', key: 'a', more: 'users roles tokens', scope: 'admin' },
    ],
  },
];

export const PLACES: readonly Place[] = GROUPS.flatMap((g) => g.places);

/** Whether `path` lies within the place. */
export function isHere(path: string, place: Pick<Place, 'href'>): boolean {
  if (place.href === '/') return path === '/' || `${path}/`.startsWith('/services/');
  const root = `/${place.href.split('/')[1]}`;
  return path === root || path.startsWith(`${root}/`);
}

/** The groups with what somebody may see; empty ones are left out. */
export function visible(may: (scope: string) => boolean): Group[] {
  return GROUPS.map((g) => ({ ...g, places: g.places.filter((p) => !p.scope || may(p.scope)) })).filter(
    (g) => g.places.length > 0,
  );
}
