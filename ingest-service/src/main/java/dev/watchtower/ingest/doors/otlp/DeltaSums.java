package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.storage.Head;
import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.SampleBatch;
import java.util.HashMap;
import java.util.Map;

/**
 * Turns the deltas of one request into running totals: what the series ends with, plus the delta.
 * The end of the series is the only state, so that a request that was not stored has left nothing
 * behind, and one that is sent twice adds nothing. Only one request with deltas may be between here
 * and storage at a time.
 */
final class DeltaSums {
  private record Last(long ts, double value) {}

  private final Map<Head, Last> inRequest = new HashMap<>();

  /** Adds the total after the delta to the batch, or refuses the delta. */
  void add(SampleBatch batch, Head head, long ts, double delta) {
    var last = inRequest.get(head);
    if (last == null) {
      var newest = head.newest();
      last = new Last(newest.timestamp(), newest.value());
    }
    if (ts < last.ts()) {
      batch.refuse(
          Refusal.TOO_OLD, 1, head.series().labels() + ": a delta older than the last one");
      return;
    }
    // The same point again is a repetition; storage counts it as a duplicate.
    var total =
        ts == last.ts() ? last.value() : (Double.isFinite(last.value()) ? last.value() : 0) + delta;
    inRequest.put(head, new Last(ts, total));
    batch.add(head, ts, total);
  }
}
