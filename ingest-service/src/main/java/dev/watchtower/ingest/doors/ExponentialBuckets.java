package dev.watchtower.ingest.doors;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An exponential histogram (OTLP's, or Prometheus' native one) as classic buckets, with the bounds
 * that its metric always has, and zero: see {@link BucketBounds}. Of scales from 1 that is exact,
 * neighbours are merged; what is coarser counts at the upper bound of the sender's bucket. Values
 * above all bounds are only in the count. Bounds below zero are there where there are values below
 * zero; where they are missing nothing is added up wrongly, as they would be 0. Not thread-safe.
 */
public final class ExponentialBuckets {
  /** A histogram of a form or size that nobody sends. */
  public static class UnusableException extends Exception {
    private static final long serialVersionUID = 1;

    /** What is wrong with it. */
    public UnusableException(String message) {
      // An answer, not an accident: no stack trace.
      super(message, null, false, false);
    }
  }

  private static final int MIN_SCALE = -10;
  private static final int FINEST_SCALE = 32;

  /** Number of buckets beyond any value at any scale, and far from the end of a long. */
  private static final long FARTHEST = 1L << 44;

  private final BucketBounds bounds;
  private final int scale;
  private final double[] positive;
  private double @Nullable [] negative;
  private double zeros;

  /**
   * Without any value but zeros.
   *
   * @param metric name of the metric, without {@code _bucket}
   * @param scale base is 2 to the power of 2 to the power of minus this
   * @throws UnusableException if no sender has such a scale
   */
  public ExponentialBuckets(String metric, int scale, double zeros) throws UnusableException {
    if (scale < MIN_SCALE || scale > FINEST_SCALE) {
      throw new UnusableException("an exponential histogram of scale " + scale);
    }
    this.bounds = BucketBounds.of(metric);
    this.scale = scale;
    this.positive = new double[bounds.size()];
    this.zeros = zeros;
  }

  /**
   * Adds values above base^number, and not above base^(number + 1).
   *
   * @param number at the scale that was given
   */
  public void positive(long number, double count) {
    var upper = scale > 0 ? half(number) + 1 : half(number + 1);
    var place = bounds.atOrAbove(upper);
    if (place < positive.length) {
      positive[place] += count;
    }
  }

  /** Adds values from -base^(number + 1) on, and below -base^number. */
  public void negative(long number, double count) {
    if (count == 0) {
      return;
    }
    var place = bounds.atOrBelow(half(number));
    if (place < 0) {
      zeros += count;
      return;
    }
    if (negative == null) {
      negative = new double[bounds.size()];
    }
    negative[place] += count;
  }

  /** Of base^number: twice its logarithm to base 2, rounded down. */
  private long half(long number) {
    var near = Math.clamp(number, -FARTHEST, FARTHEST);
    return scale > 0 ? near >> (scale - 1) : near << (1 - scale);
  }

  /** Upper bounds and how many values are at or below each, ascending, without infinity. */
  public SortedMap<Double, Double> cumulative() {
    var result = new TreeMap<Double, Double>();
    var count = 0.0;
    if (negative != null) {
      for (var place = negative.length - 1; place >= 0; place--) {
        count += negative[place];
        result.put(-bounds.at(place), count);
      }
    }
    count += zeros;
    result.put(0.0, count);
    for (var place = 0; place < positive.length; place++) {
      count += positive[place];
      result.put(bounds.at(place), count);
    }
    return Collections.unmodifiableSortedMap(result);
  }
}
