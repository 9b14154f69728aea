package dev.watchtower.ingest.doors;

import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An exponential histogram (OTLP's, or Prometheus' native one) as classic buckets. The scale is
 * lowered to at most 2, which is exact (neighbours are merged), so that the bounds are powers of
 * the fourth root of 2 whatever scale the sender has arrived at: they stay the same series over
 * time. Empty bounds of one doubling on both sides are included, so that a bound exists before its
 * first value and rates over it are right. Not thread-safe.
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

  private static final int MAX_SCALE = 2;
  private static final int MIN_SCALE = -10;
  private static final int FINEST_SCALE = 32;
  private static final int PADDING = 1 << MAX_SCALE;

  /** Many times what SDKs send (160). */
  private static final int MAX_BUCKETS = 4096;

  /** Counts by bucket number at one scale; a bucket's upper bound is base^(number + 1). */
  private final TreeMap<Integer, Double> positive = new TreeMap<>();

  private final TreeMap<Integer, Double> negative = new TreeMap<>();
  private final int scale;
  private final int shift;
  private double zeros;

  /**
   * Without any value but zeros.
   *
   * @param scale base is 2 to the power of 2 to the power of minus this
   * @throws UnusableException if no sender has such a scale
   */
  public ExponentialBuckets(int scale, double zeros) throws UnusableException {
    if (scale < MIN_SCALE || scale > FINEST_SCALE) {
      throw new UnusableException("an exponential histogram of scale " + scale);
    }
    this.scale = Math.min(MAX_SCALE, scale);
    this.shift = scale - this.scale;
    this.zeros = zeros;
  }

  private ExponentialBuckets(int scale) {
    this.scale = scale;
    this.shift = 0;
  }

  /**
   * Adds values between base^number and base^(number + 1).
   *
   * @param number at the scale that was given first
   */
  public void positive(long number, double count) throws UnusableException {
    add(positive, number, count);
  }

  /** Adds values between -base^(number + 1) and -base^number. */
  public void negative(long number, double count) throws UnusableException {
    add(negative, number, count);
  }

  private void add(TreeMap<Integer, Double> target, long number, double count)
      throws UnusableException {
    if (count == 0) {
      return;
    }
    target.merge(Math.clamp(number >> shift, -100_000, 100_000), count, Double::sum);
    if (target.size() > MAX_BUCKETS) {
      throw new UnusableException("an exponential histogram of more than 4096 buckets");
    }
  }

  /** How many buckets have a value. */
  public int size() {
    return positive.size() + negative.size();
  }

  /** Whether the counts and the scale are the same. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ExponentialBuckets buckets
        && scale == buckets.scale
        && Double.compare(zeros, buckets.zeros) == 0
        && positive.equals(buckets.positive)
        && negative.equals(buckets.negative);
  }

  @Override
  public int hashCode() {
    return Objects.hash(scale, zeros, positive, negative);
  }

  /** The sum of these and others; the coarser scale of the two. */
  public ExponentialBuckets plus(ExponentialBuckets other) {
    var sum = new ExponentialBuckets(Math.min(scale, other.scale));
    sum.zeros = zeros + other.zeros;
    for (var each : new ExponentialBuckets[] {this, other}) {
      var coarser = each.scale - sum.scale;
      each.positive.forEach((n, count) -> sum.positive.merge(n >> coarser, count, Double::sum));
      each.negative.forEach((n, count) -> sum.negative.merge(n >> coarser, count, Double::sum));
    }
    return sum;
  }

  /**
   * Whether there are bounds for all of it.
   *
   * @throws UnusableException if the values lie too far apart
   */
  public void checkRange() throws UnusableException {
    if (!positive.isEmpty() && last() - (long) first() > MAX_BUCKETS) {
      throw new UnusableException("an exponential histogram over too wide a range");
    }
  }

  private int first() {
    return positive.firstKey() - padding();
  }

  private int last() {
    return positive.lastKey() + padding();
  }

  private int padding() {
    return Math.max(1, PADDING >> (MAX_SCALE - Math.max(0, scale)));
  }

  /**
   * Upper bounds and how many values are at or below each, ascending, without infinity.
   *
   * @throws UnusableException if the values lie too far apart
   */
  public TreeMap<Double, Double> cumulative() throws UnusableException {
    var result = new TreeMap<Double, Double>();
    var count = 0.0;
    for (var bucket : negative.descendingMap().entrySet()) {
      count += bucket.getValue();
      put(result, -Math.pow(2, bucket.getKey() / Math.pow(2, scale)), count);
    }
    count += zeros;
    if (positive.isEmpty()) {
      put(result, 0, count);
      return result;
    }
    checkRange();
    var last = last();
    for (var number = first(); number <= last; number++) {
      count += positive.getOrDefault(number, 0.0);
      put(result, Math.pow(2, (number + 1) / Math.pow(2, scale)), count);
    }
    return result;
  }

  private static void put(TreeMap<Double, Double> result, double bound, double count) {
    if (!Double.isInfinite(bound)) {
      result.put(bound == 0 ? 0 : bound, count);
    }
  }
}
