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
  /**
   * The end of a series.
   *
   * @param place of its sample in the batch; negative if it is one of storage
   * @param repeated whether storage has that time already
   */
  private record Last(long ts, double value, int place, boolean repeated) {}

  private final Map<Head, Last> inRequest = new HashMap<>();

  /** Adds the total after the delta to the batch, or refuses the delta. */
  void add(SampleBatch batch, Head head, long ts, double delta) {
    var last = inRequest.get(head);
    if (last == null) {
      var newest = head.newest();
      last = new Last(newest.timestamp(), newest.value(), -1, false);
    }
    if (ts < last.ts()) {
      batch.refuse(
          Refusal.TOO_OLD, 1, head.series().labels() + ": a delta older than the last one");
      return;
    }
    var again = ts == last.ts();
    if (again && last.place() >= 0) {
      // Two points of one time in one request, of resources that only differ in what is no label:
      // both count, in one sample.
      if (!last.repeated()) {
        var total = last.value() + delta;
        batch.change(last.place(), total);
        inRequest.put(head, new Last(ts, total, last.place(), false));
      }
      return;
    }
    // The same point in a second request is a repetition; storage counts it as a duplicate.
    var total = again ? last.value() : (Double.isFinite(last.value()) ? last.value() : 0) + delta;
    inRequest.put(head, new Last(ts, total, batch.size(), again));
    batch.add(head, ts, total);
  }
}
