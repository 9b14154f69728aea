import { useEffect, useMemo } from 'preact/hooks';

/** Several changes in a row are one reading. */
const SETTLE_MILLIS = 700;

/** Something that is done a moment after it was asked for, once for all who asked meanwhile. */
export interface Settled {
  (): void;
  /** What was asked for and has not begun is not done any more. */
  stop: () => void;
}

/**
 * `action`, at most once in `millis`. The first who asks starts the wait and nobody makes it longer: in a storm of
 * messages it is done again and again, not only after the last one.
 */
export function settled(action: () => void, millis = SETTLE_MILLIS): Settled {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      action();
    }, millis);
  };
  const stop = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return Object.assign(soon, { stop });
}

/** `action` settled, for as long as the page shows the component; `action` has to stay the same function. */
export function useSettled(action: () => void): () => void {
  const soon = useMemo(() => settled(action), [action]);
  useEffect(() => soon.stop, [soon]);
  return soon;
}
