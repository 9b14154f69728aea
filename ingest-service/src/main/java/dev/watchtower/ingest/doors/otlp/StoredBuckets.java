package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.doors.ExponentialBuckets;
import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Reads an exponential histogram back from the buckets that were stored of it. */
final class StoredBuckets {
  private static final int COARSEST = -10;
  private static final int FINEST = 2;
  private static final double LOG_2 = Math.log(2);
  private static final double TOLERANCE = 1e-6;

  private StoredBuckets() {}

  /**
   * What {@link ExponentialBuckets#cumulative} gives these bounds and counts of. Of the bounds that
   * are not known the values count as those of the next one above.
   *
   * @param counts how many values are at or below each upper bound, without infinity
   * @throws UnusableException if these are not buckets of an exponential histogram
   */
  static ExponentialBuckets of(NavigableMap<Double, Double> counts) throws UnusableException {
    if (counts.isEmpty()) {
      throw new UnusableException("no buckets");
    }
    var scale = scale(counts.keySet().stream().filter(StoredBuckets::isNormal).toList());
    var zeros = 0.0;
    var before = 0.0;
    var abovePadding = false;
    Map<Long, Double> negative = new TreeMap<>();
    Map<Long, Double> positive = new TreeMap<>();
    for (var entry : counts.entrySet()) {
      var bound = entry.getKey();
      var here = entry.getValue() - before;
      before = entry.getValue();
      if (!(here >= 0)) {
        throw new UnusableException("buckets that do not rise");
      }
      if (isNormal(bound) && bound < 0) {
        negative.put(number(-bound, scale), here);
      } else if (isNormal(bound) && abovePadding) {
        positive.put(number(bound, scale) - 1, here);
      } else {
        // The lowest of the positive bounds is an empty one: all at or below it are zeros.
        abovePadding |= isNormal(bound);
        zeros += here;
      }
    }
    var buckets = new ExponentialBuckets(scale, zeros);
    for (var bucket : negative.entrySet()) {
      buckets.negative(bucket.getKey(), bucket.getValue());
    }
    for (var bucket : positive.entrySet()) {
      buckets.positive(bucket.getKey(), bucket.getValue());
    }
    return buckets;
  }

  /** Nearer to zero, bounds are not exact powers any more; values there are as good as zeros. */
  private static boolean isNormal(double bound) {
    return Math.abs(bound) >= Double.MIN_NORMAL || Double.isNaN(bound);
  }

  /** The coarsest scale that has all the bounds and, between the positive ones, no other. */
  private static int scale(List<Double> bounds) throws UnusableException {
    var positive = new ArrayList<>(bounds);
    positive.removeIf(bound -> bound < 0);
    var step = Double.POSITIVE_INFINITY;
    for (var i = 1; i < positive.size(); i++) {
      step = Math.min(step, log2(positive.get(i)) - log2(positive.get(i - 1)));
    }
    var coarsest =
        Double.isFinite(step)
            ? Math.clamp(Math.round(-log2(step)), COARSEST, FINEST)
            // Of negative values alone the scale cannot be told; the finest has their bounds too.
            : FINEST;
    for (var scale = coarsest; scale <= FINEST; scale++) {
      var each = scale;
      if (bounds.stream().allMatch(bound -> isOf(Math.abs(bound), each))) {
        return scale;
      }
    }
    throw new UnusableException("bounds that are no powers");
  }

  private static boolean isOf(double bound, int scale) {
    var exact = log2(bound) * Math.pow(2, scale);
    return Math.abs(exact - Math.rint(exact)) < TOLERANCE;
  }

  private static long number(double bound, int scale) {
    return Math.round(log2(bound) * Math.pow(2, scale));
  }

  private static double log2(double value) {
    return Math.log(value) / LOG_2;
  }
}
