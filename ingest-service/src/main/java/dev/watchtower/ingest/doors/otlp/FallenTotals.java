package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.storage.Head;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Notices processes that share a series: their totals come in turn, and each fall is taken for a
 * restart. One that falls though it has run since before the newest sample of its series did not
 * restart. For one request.
 */
final class FallenTotals {
  /** Series whose totals are remembered for the rest of the request, 100 bytes each. */
  private static final int MOST = 10_000;

  private record Last(long ts, double value) {}

  private final Map<Head, Last> inRequest = new HashMap<>();

  /** Whether a series may come twice: a collector puts several processes into one request. */
  private final boolean several;

  private final long now;

  private long count;
  private @Nullable Head first;

  FallenTotals(boolean several, long now) {
    this.several = several;
    this.now = now;
  }

  /**
   * Looks at a total that is about to be stored.
   *
   * @param start since when it runs; 0 where that is not said. Milliseconds, as {@code ts}
   */
  void look(Head head, long ts, double value, long start) {
    var last = inRequest.get(head);
    if (last == null) {
      var newest = head.newest(now);
      last = new Last(newest.timestamp(), newest.value());
    }
    if (ts <= last.ts()) {
      return;
    }
    if (value < last.value() && start > 0 && start < last.ts()) {
      count++;
      first = first == null ? head : first;
    }
    if (several && inRequest.size() < MOST) {
      inRequest.put(head, new Last(ts, value));
    }
  }

  /** How many there were. */
  long count() {
    return count;
  }

  /** What to tell the sender; empty if there were none. */
  String describe() {
    return first == null
        ? ""
        : count
            + " stored, but lower than the last one though not begun anew: "
            + first.series().labels()
            + ". Two processes write this series, and its rates are wrong: give each a"
            + " service.instance.id of its own";
  }
}
