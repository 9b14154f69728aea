package dev.watchtower.ingest.query;

import java.time.Duration;

/**
 * What one query may cost.
 *
 * @param timeout longest time it may run
 * @param maxSamples most samples it may read or produce
 * @param maxSteps most points a series of a range query
 */
public record QueryLimits(Duration timeout, long maxSamples, int maxSteps) {
  /** 10 s, five million samples (80 MB), 11,000 points. */
  public static final QueryLimits DEFAULT =
      new QueryLimits(Duration.ofSeconds(10), 5_000_000, 11_000);

  public QueryLimits {
    if (timeout.isNegative() || timeout.isZero() || maxSamples < 1 || maxSteps < 1) {
      throw new IllegalArgumentException("limits of a query must be positive");
    }
  }
}
