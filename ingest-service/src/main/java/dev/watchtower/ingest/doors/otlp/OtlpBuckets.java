package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.doors.ExponentialBuckets;
import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import dev.watchtower.ingest.doors.Numbers;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import java.util.SortedMap;

/** The buckets of an exponential histogram of OTLP. */
final class OtlpBuckets {
  private OtlpBuckets() {}

  /**
   * Of one data point: upper bounds and how many values are at or below each, without infinity.
   *
   * @param metric its name as it is stored
   * @throws UnusableException if no sender has such a point
   */
  static SortedMap<Double, Double> of(String metric, ExponentialHistogramDataPoint point)
      throws UnusableException {
    var buckets =
        new ExponentialBuckets(metric, point.getScale(), Numbers.unsigned(point.getZeroCount()));
    var positive = point.getPositive();
    for (var i = 0; i < positive.getBucketCountsCount(); i++) {
      buckets.positive(
          positive.getOffset() + (long) i, Numbers.unsigned(positive.getBucketCounts(i)));
    }
    var negative = point.getNegative();
    for (var i = 0; i < negative.getBucketCountsCount(); i++) {
      buckets.negative(
          negative.getOffset() + (long) i, Numbers.unsigned(negative.getBucketCounts(i)));
    }
    return buckets.cumulative();
  }
}
