package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.storage.Head;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The last delta of each series that was stored: the same one again is a repetition, another one of
 * the same time comes from another process. Not thread-safe.
 */
final class LastDeltas {
  /** With more series all are forgotten; 100 bytes each. */
  private static final int MAX_SERIES = 100_000;

  private record Delta(long ts, double change) {}

  /** Of a table that was closed, or a series that was removed, nobody else keeps the heads. */
  private final Map<Head, Delta> last = new WeakHashMap<>();

  /** Notes what was stored. */
  void stored(Head head, long ts, double change) {
    if (last.size() >= MAX_SERIES) {
      last.clear();
    }
    last.put(head, new Delta(ts, change));
  }

  /** How many it knows. */
  int size() {
    return last.size();
  }

  /** Whether another delta than this one is known to be stored for this time. */
  boolean isAnother(Head head, long ts, double change) {
    var known = last.get(head);
    return known != null && known.ts() == ts && Double.compare(known.change(), change) != 0;
  }
}
