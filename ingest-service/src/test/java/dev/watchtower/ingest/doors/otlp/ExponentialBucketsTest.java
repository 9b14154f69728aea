package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint.Buckets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExponentialBucketsTest {
  @Test
  void countsWhatIsAtOrBelowEachBound() throws UnusableException {
    // Scale 0: (1,2] 3 values, (2,4] 5 values; one zero.
    var buckets = OtlpBuckets.of(point(0, 0, 1, 3, 5)).cumulative();

    assertThat(buckets).containsEntry(1.0, 1.0).containsEntry(2.0, 4.0).containsEntry(4.0, 9.0);
    assertThat(buckets.lastKey()).isEqualTo(8.0);
    assertThat(buckets.lastEntry().getValue()).isEqualTo(9.0);
  }

  @Test
  void keepsTheSameBoundsWhateverScaleTheSenderHas() throws UnusableException {
    var random = new Random(7);
    var values = random.doubles(2000, 0.002, 30).toArray();
    for (var scale : new int[] {2, 3, 5, 8}) {
      var cumulative = OtlpBuckets.of(of(values, scale)).cumulative();
      cumulative.forEach((bound, count) -> {
        var exact = java.util.Arrays.stream(values).filter(v -> v <= bound).count();
        assertThat(count).as("scale %d, le %s", scale, bound).isEqualTo((double) exact);
        var power = Math.log(bound) / Math.log(2) * 4;
        assertThat(power).isCloseTo(Math.rint(power), within(1e-9));
      });
    }
  }

  @Test
  void addsDeltasOfDifferentScales() throws UnusableException {
    var fine = OtlpBuckets.of(point(1, 0, 0, 1, 1));
    var coarse = OtlpBuckets.of(point(0, 0, 2, 4));

    var sum = fine.plus(coarse).cumulative();

    assertThat(sum).containsEntry(1.0, 2.0).containsEntry(2.0, 8.0);
  }

  @Test
  void putsNegativeValuesBelowZero() throws UnusableException {
    var point =
        ExponentialHistogramDataPoint.newBuilder()
            .setScale(0)
            .setNegative(Buckets.newBuilder().setOffset(0).addBucketCounts(2))
            .setZeroCount(3)
            .build();

    assertThat(OtlpBuckets.of(point).cumulative()).containsEntry(-1.0, 2.0).containsEntry(0.0, 5.0);
  }

  @Test
  void refusesWhatNobodySends() throws UnusableException {
    var wide = Buckets.newBuilder().setOffset(0);
    for (var i = 0; i < 5000; i++) {
      wide.addBucketCounts(1);
    }
    assertThatThrownBy(() ->
            OtlpBuckets.of(ExponentialHistogramDataPoint.newBuilder().setPositive(wide).build())
                .cumulative())
        .isInstanceOf(UnusableException.class);
    assertThatThrownBy(() -> OtlpBuckets.of(point(-100, 0, 0, 1)))
        .isInstanceOf(UnusableException.class);
  }

  private static ExponentialHistogramDataPoint of(double[] values, int scale) {
    var counts = new java.util.TreeMap<Integer, Long>();
    for (var value : values) {
      var index = (int) Math.ceil(Math.log(value) / Math.log(2) * Math.pow(2, scale)) - 1;
      counts.merge(index, 1L, Long::sum);
    }
    var buckets = Buckets.newBuilder().setOffset(counts.firstKey());
    for (var i = counts.firstKey(); i <= counts.lastKey(); i++) {
      buckets.addBucketCounts(counts.getOrDefault(i, 0L));
    }
    return ExponentialHistogramDataPoint.newBuilder().setScale(scale).setPositive(buckets).build();
  }

  private static ExponentialHistogramDataPoint point(
      int scale, int offset, long zeros, long... counts) {
    var buckets = Buckets.newBuilder().setOffset(offset);
    for (var count : counts) {
      buckets.addBucketCounts(count);
    }
    return ExponentialHistogramDataPoint.newBuilder()
        .setScale(scale)
        .setZeroCount(zeros)
        .setPositive(buckets)
        .build();
  }
}
