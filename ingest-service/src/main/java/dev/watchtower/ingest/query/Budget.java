package dev.watchtower.ingest.query;

import java.util.function.LongSupplier;

/** What one running query has left of its time and samples. For one thread. */
final class Budget {
  private final QueryLimits limits;
  private final LongSupplier nanos;
  private final long deadline;
  private long used;

  Budget(QueryLimits limits, LongSupplier nanos) {
    this.limits = limits;
    this.nanos = nanos;
    this.deadline = nanos.getAsLong() + limits.timeout().toNanos();
  }

  /** Counts samples read or produced. */
  void charge(long samples) {
    used += samples;
    if (used > limits.maxSamples()) {
      throw QueryException.execution(
          "query processing would load too many samples into memory in query execution (limit "
              + limits.maxSamples()
              + "): ask for fewer series or a shorter time");
    }
  }

  /** How many samples it may still read. */
  long left() {
    return limits.maxSamples() - used;
  }

  void checkTime() {
    if (nanos.getAsLong() - deadline > 0) {
      throw new QueryException(
          QueryException.Kind.TIMEOUT,
          "query timed out in query execution after " + limits.timeout().toMillis() + " ms");
    }
  }
}
