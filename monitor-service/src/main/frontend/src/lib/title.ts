import { useEffect } from 'preact/hooks';

/** The window's title while the page is shown. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Watchtower`;
  }, [title]);
}
