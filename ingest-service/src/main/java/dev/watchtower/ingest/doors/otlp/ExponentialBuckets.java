package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.doors.BadBodyException;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import java.util.TreeMap;

/**
 * An exponential histogram as classic buckets. The scale is lowered to at most 2, which is exact
 * (neighbours are merged), so that the bounds are powers of the fourth root of 2 whatever scale the
 * sender has arrived at: they stay the same series over time. Empty bounds of one doubling on both
 * sides are included, so that a bound exists before its first value and rates over it are right.
 */
final class ExponentialBuckets {
  private static final int MAX_SCALE = 2;
  private static final int MIN_SCALE = -10;
  private static final int PADDING = 1 << MAX_SCALE;

  /** Many times what SDKs send (160). */
  private static final int MAX_BUCKETS = 4096;

  /** Counts by bucket number at one scale; a bucket's upper bound is base^(number + 1). */
  private final TreeMap<Integer, Long> positive = new TreeMap<>();

  private final TreeMap<Integer, Long> negative = new TreeMap<>();
  private int scale;
  private long zeros;

  /** Of one data point. */
  static ExponentialBuckets of(ExponentialHistogramDataPoint point) {
    var buckets = new ExponentialBuckets();
    buckets.scale = Math.min(MAX_SCALE, point.getScale());
    if (point.getScale() < MIN_SCALE || point.getScale() > 32) {
      throw BadBodyException.malformed("an exponential histogram of scale " + point.getScale());
    }
    buckets.zeros = point.getZeroCount();
    var shift = point.getScale() - buckets.scale;
    read(point.getPositive(), shift, buckets.positive);
    read(point.getNegative(), shift, buckets.negative);
    return buckets;
  }

  private static void read(
      ExponentialHistogramDataPoint.Buckets source, int shift, TreeMap<Integer, Long> target) {
    if (source.getBucketCountsCount() > MAX_BUCKETS) {
      throw BadBodyException.malformed(
          "an exponential histogram of " + source.getBucketCountsCount() + " buckets");
    }
    for (var i = 0; i < source.getBucketCountsCount(); i++) {
      var count = source.getBucketCounts(i);
      if (count != 0) {
        var number = (source.getOffset() + (long) i) >> shift;
        target.merge(Math.clamp(number, -100_000, 100_000), count, Long::sum);
      }
    }
  }

  /** The sum of these and others; the coarser scale of the two. */
  ExponentialBuckets plus(ExponentialBuckets other) {
    var sum = new ExponentialBuckets();
    sum.scale = Math.min(scale, other.scale);
    sum.zeros = zeros + other.zeros;
    for (var each : new ExponentialBuckets[] {this, other}) {
      var shift = each.scale - sum.scale;
      each.positive.forEach((n, count) -> sum.positive.merge(n >> shift, count, Long::sum));
      each.negative.forEach((n, count) -> sum.negative.merge(n >> shift, count, Long::sum));
    }
    return sum;
  }

  /** Upper bounds and how many values are at or below each, ascending, without infinity. */
  TreeMap<Double, Long> cumulative() {
    var result = new TreeMap<Double, Long>();
    var count = 0L;
    for (var bucket : negative.descendingMap().entrySet()) {
      count += bucket.getValue();
      put(result, -Math.pow(2, bucket.getKey() / Math.pow(2, scale)), count);
    }
    count += zeros;
    if (positive.isEmpty()) {
      put(result, 0, count);
      return result;
    }
    var padding = Math.max(1, PADDING >> (MAX_SCALE - Math.max(0, scale)));
    var first = positive.firstKey() - padding;
    var last = positive.lastKey() + padding;
    if (last - (long) first > MAX_BUCKETS) {
      throw BadBodyException.malformed("an exponential histogram over too wide a range");
    }
    for (var number = first; number <= last; number++) {
      count += positive.getOrDefault(number, 0L);
      put(result, Math.pow(2, (number + 1) / Math.pow(2, scale)), count);
    }
    return result;
  }

  private static void put(TreeMap<Double, Long> result, double bound, long count) {
    if (!Double.isInfinite(bound)) {
      result.put(bound == 0 ? 0 : bound, count);
    }
  }
}
