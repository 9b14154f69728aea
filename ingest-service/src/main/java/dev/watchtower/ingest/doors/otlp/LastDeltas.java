package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.storage.Head;
import dev.watchtower.ingest.storage.SeriesTable;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/**
 * The last delta of each series that was stored: the same one again is a repetition, another one of
 * the same time comes from another process. Not thread-safe.
 */
final class LastDeltas {
  /** With more series all are forgotten; 100 bytes each. */
  private static final int MAX_SERIES = 100_000;

  private record Delta(long ts, double change) {}

  private final Map<Head, Delta> last = new HashMap<>();
  private WeakReference<SeriesTable> table = new WeakReference<>(null);

  /** The next ones are of this table: the heads of one that was closed are kept by nobody else. */
  void begin(SeriesTable next) {
    if (!table.refersTo(next)) {
      last.clear();
      table = new WeakReference<>(next);
    }
  }

  /** Notes what was stored. */
  void stored(Head head, long ts, double change) {
    if (last.size() >= MAX_SERIES) {
      last.clear();
    }
    last.put(head, new Delta(ts, change));
  }

  /** Whether another delta than this one is known to be stored for this time. */
  boolean isAnother(Head head, long ts, double change) {
    var known = last.get(head);
    return known != null && known.ts() == ts && Double.compare(known.change(), change) != 0;
  }
}
