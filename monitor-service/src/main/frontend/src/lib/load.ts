import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { sentence } from '../api/http';
import { reconnected } from '../live/live';

interface Reading<T> {
  data: T | null;
  /** Why the last attempt failed; `data` may still hold what was read before. */
  error: string | null;
  /** When `data` was read, in milliseconds. */
  at: number | null;
}

export interface Loaded<T> extends Reading<T> {
  /** Reads it again; while it is being read, once more afterwards, however often that is asked for. */
  reload: () => void;
  set: (data: T) => void;
}

/**
 * Reads something when the page shows it and whenever `deps` change; answers that come too late are dropped. At most
 * one reading is under way. What could not be read is read again when its source, or the connection, is back.
 */
export function useLoad<T>(read: () => Promise<T>, deps: readonly unknown[]): Loaded<T> {
  const [state, setState] = useState<Reading<T>>({ data: null, error: null, at: null });
  const turn = useRef(0);
  /** The turn whose reading is under way; the answer to an earlier one is dropped. */
  const underWay = useRef(0);
  /** Whether somebody asked during that reading: its answer may be from before the reason to ask. */
  const again = useRef(false);
  const run = useRef(read);
  run.current = read;
  const start = useCallback(() => {
    const mine = ++turn.current;
    underWay.current = mine;
    again.current = false;
    const done = (next: (before: Reading<T>) => Reading<T>) => {
      if (mine !== turn.current) return;
      underWay.current = 0;
      setState(next);
      if (again.current) start();
    };
    run.current().then(
      (data) => done(() => ({ data, error: null, at: Date.now() })),
      (e) => done((s) => ({ ...s, error: sentence(e) })),
    );
  }, []);
  const reload = useCallback(() => {
    if (underWay.current !== 0 && underWay.current === turn.current) again.current = true;
    else start();
  }, [start]);
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
    start();
    return () => {
      turn.current++;
    };
  }, deps);
  const set = useCallback((data: T) => {
    turn.current++;
    setState({ data, error: null, at: Date.now() });
    if (again.current) start();
  }, []);
  return { ...state, reload, set };
}
