package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.doors.ExponentialBuckets;
import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import dev.watchtower.ingest.series.Labels;
import org.junit.jupiter.api.Test;

class BucketTotalsTest {
  @Test
  void isBoundedWhereHistogramsHaveNoValues() throws UnusableException {
    var totals = new BucketTotals(100);

    for (var i = 0; i < 1000; i++) {
      totals.put(counts(i), total(0));
    }

    assertThat(totals.held()).isBetween(1L, 100L);
    assertThat(totals.get(counts(0))).isNull();
    assertThat(totals.get(counts(999))).isNotNull();
  }

  @Test
  void countsWhatIsReplacedNoMore() throws UnusableException {
    var totals = new BucketTotals(100);
    totals.put(counts(1), total(0));
    var empty = totals.held();
    totals.put(counts(1), total(3));

    assertThat(totals.held()).isEqualTo(empty + 3);
    totals.put(counts(1), total(0));
    assertThat(totals.held()).isEqualTo(empty);
  }

  private static Labels counts(int i) {
    return Labels.of(Labels.METRIC_NAME, "wait_count", "route", "r" + i);
  }

  private static BucketTotals.Total total(int buckets) throws UnusableException {
    var all = new ExponentialBuckets(0, 1);
    for (var i = 0; i < buckets; i++) {
      all.positive(i, 1);
    }
    return new BucketTotals.Total(0, all, null);
  }
}
