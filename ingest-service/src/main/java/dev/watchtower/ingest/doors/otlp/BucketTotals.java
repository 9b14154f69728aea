package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.doors.ExponentialBuckets;
import dev.watchtower.ingest.series.Labels;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The running totals of exponential histograms that come as deltas, by the series of their count.
 * For one thread at a time.
 */
final class BucketTotals {
  /** With more all are forgotten and read from storage again; about 80 bytes a bucket. */
  private static final int MAX_BUCKETS = 500_000;

  /**
   * What an entry takes besides its buckets, in buckets: its labels, its place, its trees. Those of
   * series that are gone, or of histograms without a value, take it as well.
   */
  private static final int ENTRY = 8;

  /**
   * A running total.
   *
   * @param last what the buckets were that were added last, as a number; null if not known
   */
  record Total(long ts, ExponentialBuckets buckets, @Nullable Integer last) {}

  private final Map<Labels, Total> totals = new HashMap<>();
  private final int most;
  private volatile long held;

  BucketTotals() {
    this(MAX_BUCKETS);
  }

  /**
   * @param most buckets; what else an entry takes counts as eight
   */
  BucketTotals(int most) {
    this.most = most;
  }

  @Nullable Total get(Labels counts) {
    return totals.get(counts);
  }

  void put(Labels counts, Total total) {
    var old = totals.put(counts, total);
    var now = held + size(total) - (old == null ? 0 : size(old));
    if (now > most) {
      totals.clear();
      totals.put(counts, total);
      now = size(total);
    }
    held = now;
  }

  private static int size(Total total) {
    return ENTRY + total.buckets().size();
  }

  /** Buckets in memory, and what else an entry takes in buckets; any thread may ask. */
  long held() {
    return held;
  }
}
