package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.doors.ExponentialBuckets;
import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint.Buckets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ExponentialBucketsTest {
  private static final String SECONDS = "took_seconds";

  @Test
  void countsWhatIsAtOrBelowEachBound() throws UnusableException {
    // Scale 0: (1,2] 3 values, (2,4] 5 values; one zero.
    var buckets = OtlpBuckets.of(SECONDS, point(0, 0, 1, 3, 5));

    assertThat(buckets)
        .containsEntry(0.0, 1.0)
        .containsEntry(1.0, 1.0)
        .containsEntry(Math.sqrt(2), 1.0)
        .containsEntry(2.0, 4.0)
        .containsEntry(4.0, 9.0)
        .containsEntry(65536.0, 9.0);
  }

  @Test
  void hasTheSameBoundsWhateverItsValuesAre() throws UnusableException {
    var none = OtlpBuckets.of(SECONDS, point(20, 0, 0));

    assertThat(none.firstKey()).isZero();
    assertThat(none).hasSize(54);
    for (var scale = -10; scale <= 32; scale++) {
      var some = OtlpBuckets.of(SECONDS, point(scale, scale * 37, 2, 1, 0, 5));
      assertThat(some.keySet()).containsExactlyElementsOf(none.keySet());
      assertThat(List.copyOf(some.values())).isSorted();
    }
  }

  @Test
  void countsExactlyWhateverScaleTheSenderHas() throws UnusableException {
    var random = new Random(7);
    var values = random.doubles(2000, 0.0005, 30).toArray();
    for (var scale : new int[] {1, 2, 3, 5, 8}) {
      OtlpBuckets.of(SECONDS, of(values, scale))
          .forEach((bound, count) ->
              assertThat(count)
                  .as("scale %d, le %s", scale, bound)
                  .isEqualTo((double) Arrays.stream(values).filter(v -> v <= bound).count()));
    }
  }

  @Test
  void hasWhatIsBeyondTheBoundsInTheCountOnly() throws UnusableException {
    for (var far : new int[] {100, Integer.MAX_VALUE}) {
      var buckets = OtlpBuckets.of(SECONDS, point(0, far, 1, 3));
      assertThat(buckets.get(buckets.lastKey())).isEqualTo(1);
    }
    assertThat(OtlpBuckets.of(SECONDS, point(0, Integer.MIN_VALUE, 1, 3)))
        .containsEntry(0.0, 1.0)
        .containsEntry(Math.pow(2, -20), 4.0);
  }

  @Test
  void putsNegativeValuesBelowZero() throws UnusableException {
    var point =
        ExponentialHistogramDataPoint.newBuilder()
            .setScale(0)
            .setNegative(Buckets.newBuilder().setOffset(0).addBucketCounts(2).addBucketCounts(1))
            .setZeroCount(3)
            .build();

    assertThat(OtlpBuckets.of("balance", point))
        .containsEntry(-4.0, 0.0)
        .containsEntry(-2.0, 1.0)
        .containsEntry(-1.0, 3.0)
        .containsEntry(0.0, 6.0)
        .containsEntry(1.0, 6.0);
    var near = new ExponentialBuckets("balance", 0, 0);
    near.negative(-300, 2);
    assertThat(near.cumulative().firstKey()).isZero();
    assertThat(near.cumulative()).containsEntry(0.0, 2.0);
    var far = new ExponentialBuckets("balance", -10, 0);
    far.negative(Long.MAX_VALUE, 2);
    assertThat(far.cumulative()).containsEntry(-Math.pow(2, 40), 2.0);
  }

  @Test
  void countsWithoutASign() throws UnusableException {
    var most = OtlpBuckets.of(SECONDS, point(0, 0, Long.MIN_VALUE, -1));

    assertThat(most).containsEntry(0.0, 0x1p63).containsEntry(2.0, 0x1p63 + 0x1p64);
  }

  @Test
  void refusesWhatNobodySends() {
    for (var scale : new int[] {-100, -11, 33}) {
      assertThatThrownBy(() -> OtlpBuckets.of(SECONDS, point(scale, 0, 0, 1)))
          .isInstanceOf(UnusableException.class);
    }
  }

  private static ExponentialHistogramDataPoint of(double[] values, int scale) {
    var counts = new TreeMap<Integer, Long>();
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
