import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { csrfToken } from '../api/http';
import { clock, duration } from '../lib/format';
import { chooseTheme, type Theme, theme } from '../lib/ink';
import { connection } from '../live/live';
import { healthOf, lost, me, now } from '../state/store';
import { Icon } from './icon';

/** The state of the live connection, always in sight, in words. */
export function LivePill() {
  const c = connection.value;
  if (c.state === 'connecting') return <span class="live idle">Connecting…</span>;
  const ingest = healthOf('ingest');
  // Down, or up but not heard by monitor.
  const silent = ingest?.state === 'DOWN' ? (ingest.since ?? '') : lost.value['ingest'];
  if (c.state === 'live' && silent !== undefined)
    return (
      <span class="live bad" role="status">
        <span class="dot square" /> No live data{silent && ` since ${clock(Date.parse(silent), now.value)}`}
      </span>
    );
  if (c.state === 'live')
    return (
      <span class="live ok" title={`Connected since ${clock(c.since, now.value)}`}>
        <span class="dot" /> Live
      </span>
    );
  if (c.state === 'reconnecting')
    return (
      <span class="live warn" role="status">
        <span class="dot hollow" /> Reconnecting…
      </span>
    );
  return (
    <span class="live bad" role="status">
      <span class="dot square" /> Interrupted since {clock(c.since, now.value)}
      <span class="wide-only"> ({duration(now.value - c.since)})</span>
    </span>
  );
}

const THEMES: { value: Theme; title: string; icon: 'system' | 'sun' | 'moon' }[] = [
  { value: 'system', title: 'As the system', icon: 'system' },
  { value: 'light', title: 'Light', icon: 'sun' },
  { value: 'dark', title: 'Dark', icon: 'moon' },
];

function ThemeSwitch() {
  const here = THEMES.findIndex((t) => t.value === theme.value);
  const current = THEMES[here] ?? THEMES[0]!;
  const next = THEMES[(here + 1) % THEMES.length]!;
  return (
    <button
      type="button"
      class="button ghost icon-only"
      aria-label={`Theme: ${current.title}. Switch to: ${next.title}`}
      title={`Theme: ${current.title}`}
      onClick={() => chooseTheme(next.value)}
    >
      <Icon name={current.icon} size={17} />
    </button>
  );
}

function UserMenu() {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (e: Event) => {
      if (!box.current?.contains(e.target as Node)) setOpen(false);
    };
    const onEscape = (e: KeyboardEvent) => {
      if (e.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', onEscape);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('keydown', onEscape);
    };
  }, [open]);
  const who = me.value;
  return (
    <div class="menu" ref={box}>
      <button
        ref={button}
        type="button"
        class="button ghost"
        aria-expanded={open}
        aria-label={`Account of ${who?.name ?? 'the user'}`}
        onClick={() => setOpen(!open)}
      >
        <Icon name="user" size={17} />
        <span class="wide-only">{who?.name ?? '…'}</span>
      </button>
      {open && (
        <div class="menu-list">
          <div class="menu-note">
            {who?.name}
            <span class="faint">{who?.roles.map((r) => r.replace(/^ROLE_/, '').toLowerCase()).join(', ')}</span>
          </div>
          <a class="menu-item" href="/account" onClick={() => setOpen(false)}>
            <Icon name="key" /> Change the password
          </a>
          <form method="post" action="/logout">
            <input type="hidden" name="_csrf" value={csrfToken()} />
            <button type="submit" class="menu-item">
              <Icon name="arrow" /> Log out
            </button>
          </form>
        </div>
      )}
    </div>
  );
}

export function TopBar(props: { onSearch: () => void; onHelp: () => void }) {
  const { path } = useLocation();
  return (
    <header class="top">
      <a class="brand narrow-only" href="/" aria-label="Watchtower, overview">
        <span class="brand-mark">
          <Icon name="logo" size={16} />
        </span>
      </a>
      <LivePill />
      <div class="spring" />
      <button type="button" class="button search-button" onClick={props.onSearch} aria-label="Search and jump">
        <Icon name="search" />
        <span class="wide-only">Search</span>
        <kbd class="wide-only">/</kbd>
      </button>
      <button
        type="button"
        class="button ghost icon-only wide-only"
        aria-label="Keyboard help"
        title="Keyboard help (?)"
        onClick={props.onHelp}
      >
        <kbd>?</kbd>
      </button>
      <ThemeSwitch />
      <UserMenu key={path} />
    </header>
  );
}
