package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.SeriesStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What one running query has left of its time and samples. For one thread. */
final class Budget {
  private final QueryLimits limits;
  private final LongSupplier nanos;
  private final long begin;
  private final long deadline;
  private final SharedSamples.@Nullable Share share;
  private long used;

  /**
   * @param share what it holds of what all queries may hold; null for one that is not of the HTTP
   *     API
   * @param until when it ends at the latest, by {@code nanos}; null: by its limits alone
   */
  Budget(
      QueryLimits limits,
      LongSupplier nanos,
      SharedSamples.@Nullable Share share,
      @Nullable Long until) {
    this.share = share;
    this.limits = limits;
    this.nanos = nanos;
    this.begin = nanos.getAsLong();
    long latest = begin + limits.timeout().toNanos();
    this.deadline = until != null && until - latest < 0 ? until : latest;
  }

  /**
   * The store for this query. One of the HTTP API reads old samples beside few others, and ends in
   * time while it reads; our own (rules, SLOs) wait for no dashboard, and are looked at between two
   * readings.
   */
  SeriesStore within(SeriesStore store) {
    return share == null ? store : store.checked(this::checkTime);
  }

  /** Reads samples and counts them. */
  List<Samples> read(LongFunction<List<Samples>> upTo) {
    List<Samples> read = share == null ? upTo.apply(left()) : share.read(left(), upTo);
    read.forEach(samples -> count(samples.counted()));
    return read;
  }

  /** Counts samples that were produced. */
  void charge(long samples) {
    count(samples);
    if (share != null) {
      share.use(samples);
    }
  }

  private void count(long samples) {
    used += samples;
    if (used > limits.maxSamples()) {
      throw QueryException.tooMuch(
          "query processing would load too many samples into memory in query execution (limit "
              + limits.maxSamples()
              + "): ask for fewer series or a shorter time");
    }
  }

  private long left() {
    return limits.maxSamples() - used;
  }

  void checkTime() {
    if (nanos.getAsLong() - deadline > 0) {
      throw new QueryException(
          QueryException.Kind.TIMEOUT,
          "query timed out in query execution after "
              + TimeUnit.NANOSECONDS.toMillis(deadline - begin)
              + " ms");
    }
  }
}
