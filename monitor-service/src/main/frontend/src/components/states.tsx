import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon';

/** Nothing here: why, and what would put something here. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} size={22} />
      <p class="empty-title">{title}</p>
      {children && <div class="empty-text">{children}</div>}
    </div>
  );
}

/** Something could not be read; what to do next. */
export function Failed({ what, error, retry }: { what: string; error: string; retry?: () => void }) {
  return (
    <div class="empty failed" role="alert">
      <Icon name="bad" size={22} />
      <p class="empty-title">{what}</p>
      <p class="empty-text">{error}</p>
      {retry && (
        <button type="button" class="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** The shape of what is coming, so that nothing jumps when it is there. */
export function Skeleton({ rows = 4, label = 'Loading' }: { rows?: number; label?: string }) {
  return (
    <div class="skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} class="skeleton-row" />
      ))}
    </div>
  );
}

export function Card(props: {
  title?: ComponentChildren;
  aside?: ComponentChildren;
  children: ComponentChildren;
  class?: string;
  label?: string;
}) {
  return (
    <section class={`card ${props.class ?? ''}`} aria-label={props.label}>
      {(props.title || props.aside) && (
        <header class="card-head">
          {props.title && <h2>{props.title}</h2>}
          {props.aside && <div class="card-aside">{props.aside}</div>}
        </header>
      )}
      {props.children}
    </section>
  );
}
