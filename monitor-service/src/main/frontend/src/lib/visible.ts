/** Ticks come a little late, and not always equally: one must not be taken for too early. */
const SLACK_MILLIS = 1_000;

/**
 * Does `action` every `millis` while somebody can see the page, and at once when it is seen again after longer.
 *
 * @returns ends it
 */
export function whileVisible(action: () => void, millis: number): () => void {
  let last = Date.now();
  const look = () => {
    if (document.visibilityState !== 'visible' || Date.now() - last < millis - SLACK_MILLIS) return;
    last = Date.now();
    action();
  };
  const timer = setInterval(look, millis);
  document.addEventListener('visibilitychange', look);
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', look);
  };
}
