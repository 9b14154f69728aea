import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/**
 * A table that scrolls sideways where it is wider than its place: keys can get there too, and it has a name then.
 * Where all of it is seen it is no stop on the way through the page.
 */
export function TableScroll({ label, children }: { label: string; children: ComponentChildren }) {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const here = box.current;
    if (!here) return;
    const look = () => setScrolls(here.scrollWidth > here.clientWidth);
    const watch = new ResizeObserver(look);
    watch.observe(here);
    if (here.firstElementChild) watch.observe(here.firstElementChild);
    look();
    return () => watch.disconnect();
  }, []);
  return (
    <div class="table-scroll" ref={box} {...(scrolls ? { tabIndex: 0, role: 'region', 'aria-label': label } : {})}>
      {children}
    </div>
  );
}
