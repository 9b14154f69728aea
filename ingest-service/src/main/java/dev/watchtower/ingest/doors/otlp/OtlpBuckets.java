package dev.watchtower.ingest.doors.otlp;

import dev.watchtower.ingest.doors.ExponentialBuckets;
import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;

/** The buckets of an exponential histogram of OTLP. */
final class OtlpBuckets {
  private OtlpBuckets() {}

  /** Of one data point. */
  static ExponentialBuckets of(ExponentialHistogramDataPoint point) throws UnusableException {
    var buckets = new ExponentialBuckets(point.getScale(), point.getZeroCount());
    var positive = point.getPositive();
    for (var i = 0; i < positive.getBucketCountsCount(); i++) {
      buckets.positive(positive.getOffset() + (long) i, positive.getBucketCounts(i));
    }
    var negative = point.getNegative();
    for (var i = 0; i < negative.getBucketCountsCount(); i++) {
      buckets.negative(negative.getOffset() + (long) i, negative.getBucketCounts(i));
    }
    return buckets;
  }
}
