package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.storage.Head;
import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.SampleBatch;
import java.util.HashMap;
import java.util.Map;

/**
 * Turns the deltas of one request into running totals: what the series ends with, plus the delta.
 * The end of the series is the only state that counts, so that a request that was not stored has
 * left nothing behind, and one that is sent twice adds nothing. Only one request with deltas may be
 * between here and storage at a time.
 */
final class DeltaSums {
  /** What to say of a delta that comes out of order: later totals stand already. */
  static final String OLDER = "a delta older than the last one";

  /** What to say of two processes that write the same series. */
  static final String ANOTHER =
      "another delta is stored for that time: two processes write this series, give each a"
          + " service.instance.id of its own";

  /**
   * The end of a series.
   *
   * @param sum of the deltas of that time in this request
   * @param place of its sample in the batch; negative if it is one of storage
   * @param repeated whether storage has that time already
   */
  private record Last(long ts, double value, double sum, int place, boolean repeated) {}

  private final LastDeltas stored;
  private final long now;
  private final Map<Head, Last> inRequest = new HashMap<>();

  /**
   * For one request.
   *
   * @param now milliseconds since the epoch
   */
  DeltaSums(LastDeltas stored, long now) {
    this.stored = stored;
    this.now = now;
  }

  /** Adds the total after the delta to the batch, or refuses the delta. */
  void add(SampleBatch batch, Head head, long ts, double delta) {
    var last = inRequest.get(head);
    if (last == null) {
      var newest = head.newest(now);
      last = new Last(newest.timestamp(), newest.value(), 0, -1, false);
    }
    if (ts < last.ts()) {
      batch.refuse(Refusal.TOO_OLD, 1, head.series().labels() + ": " + OLDER);
      return;
    }
    var again = ts == last.ts();
    if (again && last.place() >= 0) {
      // Two points of one time in one request, of resources that only differ in what is no label:
      // both count, in one sample.
      var value = last.repeated() ? last.value() : last.value() + delta;
      batch.change(last.place(), value);
      inRequest.put(head, new Last(ts, value, last.sum() + delta, last.place(), last.repeated()));
      return;
    }
    conflict(batch, head, last);
    // The same point in a second request is a repetition; storage counts it as a duplicate.
    var total = again ? last.value() : after(last.value(), delta);
    inRequest.put(head, new Last(ts, total, delta, batch.size(), again));
    batch.add(head, ts, total);
  }

  private static double after(double total, double delta) {
    return (Double.isFinite(total) ? total : 0) + delta;
  }

  /** No more deltas come: what is no repetition, though its time is stored, will be refused. */
  void end(SampleBatch batch) {
    inRequest.forEach((head, last) -> conflict(batch, head, last));
  }

  /** As the total that it would make, which storage counts as a conflict. */
  private void conflict(SampleBatch batch, Head head, Last last) {
    if (last.repeated() && stored.isAnother(head, last.ts(), last.sum())) {
      batch.change(last.place(), after(last.value(), last.sum()));
      batch.refuse(
          Refusal.CONFLICT, 0, head.series().labels() + " at " + last.ts() + ": " + ANOTHER);
    }
  }

  /** The batch is stored. */
  void stored() {
    inRequest.forEach((head, last) -> {
      if (!last.repeated()) {
        stored.stored(head, last.ts(), last.sum());
      }
    });
  }
}
