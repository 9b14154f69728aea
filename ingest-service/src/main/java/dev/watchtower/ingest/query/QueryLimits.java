package dev.watchtower.ingest.query;

import java.time.Duration;

/**
 * What one query may cost.
 *
 * @param timeout longest time it may run
 * @param maxSamples most samples it may read or produce
 * @param maxSteps longest range query, in steps; it has one point more
 */
public record QueryLimits(Duration timeout, long maxSamples, int maxSteps) {
  /** 10 s, five million samples (80 MB), 11,000 points. */
  public static final QueryLimits DEFAULT =
      new QueryLimits(Duration.ofSeconds(10), 5_000_000, 11_000);

  /** Bytes of a sample that was read or produced, while what is produced grows by copying. */
  private static final int BYTES_A_SAMPLE = 32;

  /** Of the heap, for the samples of queries. */
  private static final int SHARE_OF_HEAP = 4;

  /** Of the heap, for one who asks beside them all the time. */
  private static final int SHARE_OF_WORKER = 16;

  /**
   * The defaults, and no more samples than a quarter of the heap has room for: 2.6 million at 320
   * MB.
   *
   * @param heap bytes
   */
  public static QueryLimits ofHeap(long heap) {
    return new QueryLimits(DEFAULT.timeout, samples(heap, SHARE_OF_HEAP), DEFAULT.maxSteps);
  }

  /**
   * The limits of a thread of the service's own, which asks one query after the other: no more
   * samples than a sixteenth of the heap has room for, 622,592 at 304 MB.
   *
   * @param heap bytes
   */
  public static QueryLimits ofWorker(Duration timeout, long heap) {
    return new QueryLimits(timeout, samples(heap, SHARE_OF_WORKER), DEFAULT.maxSteps);
  }

  private static long samples(long heap, int share) {
    return Math.clamp(heap / share / BYTES_A_SAMPLE, 1, DEFAULT.maxSamples);
  }

  public QueryLimits {
    if (timeout.isNegative() || timeout.isZero() || maxSamples < 1 || maxSteps < 1) {
      throw new IllegalArgumentException("limits of a query must be positive");
    }
  }
}
