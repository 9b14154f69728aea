import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../api/http';
import { reconnected } from '../live/live';

export interface Loaded<T> {
  data: T | null;
  /** Why the last attempt failed; `data` may still hold what was read before. */
  error: string | null;
  /** When `data` was read, in milliseconds. */
  at: number | null;
  reload: () => void;
  set: (data: T) => void;
}

/**
 * Reads something when the page shows it and whenever `deps` change; answers that come too late are dropped. What could
 * not be read is read again when its source, or the connection, is back.
 */
export function useLoad<T>(read: () => Promise<T>, deps: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<{ data: T | null; error: string | null; at: number | null }>({
    data: null,
    error: null,
    at: null,
  });
  const turn = useRef(0);
  const run = useRef(read);
  run.current = read;
  const reload = useCallback(() => {
    const mine = ++turn.current;
    run.current().then(
      (data) => mine === turn.current && setState({ data, error: null, at: Date.now() }),
      (e) => mine === turn.current && setState((s) => ({ ...s, error: sentence(e) })),
    );
  }, []);
  const failed = state.error !== null;
  useEffect(() => {
    if (!failed) return;
    reconnected.add(reload);
    return () => {
      reconnected.delete(reload);
    };
  }, [failed, reload]);
  // The caller names what the reading depends on
  useEffect(() => {
    reload();
    return () => {
      turn.current++;
    };
  }, deps);
  const set = useCallback((data: T) => {
    turn.current++;
    setState({ data, error: null, at: Date.now() });
  }, []);
  return { ...state, reload, set };
}
