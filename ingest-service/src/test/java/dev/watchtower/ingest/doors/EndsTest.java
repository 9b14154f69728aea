package dev.watchtower.ingest.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.test.MutableClock;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import dev.watchtower.ingest.storage.SeriesTables;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What it costs to find the series that have ended. */
class EndsTest {
  private static final int ROUTES = 30;
  private static final int STATUSES = 30;
  private static final List<String> BOUNDS = List.of("1", "5", "+Inf");
  private static final int SERIES = ROUTES * STATUSES * 3;
  private static final int PLENTY = 1_000_000;

  private final SeriesTable table = SeriesTables.empty(MutableClock.ofAFixedDay());
  private final SampleBatch batch = new SampleBatch();

  EndsTest() {
    for (var route = 0; route < ROUTES; route++) {
      for (var status = 0; status < STATUSES; status++) {
        for (var bound : BOUNDS) {
          admit(labels(route, status).with("le", bound));
        }
        admit(labels(route, status).with(Labels.METRIC_NAME, "took_count"));
      }
    }
  }

  private void admit(Labels labels) {
    assertThat(table.admit(labels)).isInstanceOf(SeriesTable.Admission.Admitted.class);
  }

  private static Labels labels(int route, int status) {
    return Labels.of(
        Labels.METRIC_NAME, "took_bucket", "route", "/" + route, "status", "" + status);
  }

  private Ends ends(int most) {
    return new Ends(table, batch, RequestMemory.unlimited(), most);
  }

  private void allOf(Ends ends) {
    for (var route = 0; route < ROUTES; route++) {
      for (var status = 0; status < STATUSES; status++) {
        ends.of(labels(route, status), "le", 1_000);
      }
    }
  }

  private long endedSeries() {
    var heads = new Object[batch.size()];
    Arrays.setAll(heads, batch::head);
    return Arrays.stream(heads).distinct().count();
  }

  @Test
  void looksAtEachSeriesOfAMetricOnceHoweverManyEnd() {
    var ends = ends(PLENTY);
    allOf(ends);

    assertThat(ends.find()).isLessThanOrEqualTo(SERIES + ROUTES * STATUSES);
    assertThat(batch.size()).isEqualTo(SERIES);
    assertThat(endedSeries()).isEqualTo(SERIES);
    assertThat(ends.any()).isTrue();
  }

  @Test
  void looksAtFewWhereFewEnd() {
    var ends = ends(PLENTY);
    ends.of(labels(3, 4), "le", 1_000);
    ends.of(Labels.of(Labels.METRIC_NAME, "took_bucket", "route", "/unknown"), "le", 1_000);
    ends.of(Labels.of(Labels.METRIC_NAME, "nothing_bucket"), "le", 1_000);

    // The buckets and the count of each status of the route.
    assertThat(ends.find()).isLessThanOrEqualTo(3 + STATUSES * (BOUNDS.size() + 1));
    assertThat(endedSeries()).isEqualTo(BOUNDS.size());
  }

  @Test
  void endsASeriesAtEachTimeItIsSaidTo() {
    var ends = ends(PLENTY);
    ends.of(labels(3, 4), "le", 1_000);
    ends.of(labels(3, 4), "le", 3_000);
    // Bounds are no quantiles.
    ends.of(labels(5, 6), "quantile", 3_000);

    ends.find();

    assertThat(batch.size()).isEqualTo(2 * BOUNDS.size());
    assertThat(endedSeries()).isEqualTo(BOUNDS.size());
  }

  @Test
  void looksAtNoMoreThanItMayAndEndsWhatItFound() {
    var most = ROUTES * STATUSES + 300;
    var ends = ends(most);
    allOf(ends);
    ends.of(labels(1, 1).with(Labels.METRIC_NAME, "late_bucket"), "le", 1_000);

    assertThat(ends.find()).isLessThanOrEqualTo(most);
    assertThat(endedSeries()).isEqualTo(300);

    var few = ends(50);
    for (var route = 0; route < 10; route++) {
      few.of(labels(route, 0), "le", 2_000);
    }
    assertThat(few.find()).isLessThanOrEqualTo(50);
  }
}
