import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../api/http';

export interface Loaded<T> {
  data: T | null;
  /** Why the last attempt failed; `data` may still hold what was read before. */
  error: string | null;
  /** When `data` was read, in milliseconds. */
  at: number | null;
  reload: () => void;
  set: (data: T) => void;
}

/** Reads something when the page shows it and whenever `deps` change; answers that come too late are dropped. */
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
