package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.doors.ExponentialBuckets;
import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StoredBucketsTest {
  @Test
  void areReadBackAndAddedToAsIfTheyHadNeverBeenStored() throws UnusableException {
    var random = new Random(11);
    for (var i = 0; i < 500; i++) {
      var before = any(random, random.nextInt(-6, 12));
      var change = any(random, random.nextInt(-6, 12));

      var read = StoredBuckets.of(before.cumulative());

      assertThat(read.cumulative()).isEqualTo(before.cumulative());
      assertThat(read.plus(change).cumulative()).isEqualTo(before.plus(change).cumulative());
    }
  }

  @Test
  void withoutPositiveValuesHaveTheirBoundsToo() throws UnusableException {
    for (var scale = -6; scale < 6; scale++) {
      var buckets = new ExponentialBuckets(scale, 3);
      buckets.negative(2, 4);
      buckets.negative(5, 1);

      assertThat(StoredBuckets.of(buckets.cumulative()).cumulative())
          .isEqualTo(buckets.cumulative());
    }
  }

  @Test
  void ofWhichSomeAreNotKnownKeepTheOthers() throws UnusableException {
    var buckets = new ExponentialBuckets(2, 1);
    for (var number = -3; number < 9; number++) {
      buckets.positive(number, number + 5);
    }
    var known = new TreeMap<>(buckets.cumulative());
    known.keySet().removeIf(bound -> bound > 1.1 && bound < 2.5);

    assertThat(StoredBuckets.of(known).cumulative()).containsAllEntriesOf(known);
  }

  @Test
  void ofAnotherKindAreNotTakenForSuch() {
    for (var wrong :
        new Map<?, ?>[] {
          Map.of(),
          Map.of(0.005, 1.0, 0.01, 2.0, 0.025, 3.0),
          Map.of(1.0, 3.0, 2.0, 2.0),
          Map.of(1.0, 3.0, 2.0, Double.NaN),
          Map.of(1.0, 3.0, Double.NaN, 4.0)
        }) {
      var counts = new TreeMap<Double, Double>();
      wrong.forEach((bound, count) -> counts.put((Double) bound, (Double) count));
      assertThatThrownBy(() -> StoredBuckets.of(counts)).isInstanceOf(UnusableException.class);
    }
  }

  private static ExponentialBuckets any(Random random, int scale) throws UnusableException {
    var buckets = new ExponentialBuckets(scale, random.nextInt(3));
    // Between a hundredth and a hundred, about.
    var most = Math.max(1, (int) (6 * Math.pow(2, scale)));
    for (var i = random.nextInt(1, 20); i > 0; i--) {
      buckets.positive(random.nextInt(-most, most), random.nextInt(1, 9));
    }
    for (var i = random.nextInt(5); i > 0; i--) {
      buckets.negative(random.nextInt(-most, most), random.nextInt(1, 9));
    }
    return buckets;
  }
}
