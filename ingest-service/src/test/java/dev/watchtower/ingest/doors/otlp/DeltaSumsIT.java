package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.BodyCodec;
import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeltaSumsIT {
  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final long begin = postgres.clock.millis();
  private final LastDeltas last = new LastDeltas();

  /** Stores a delta of 10, and says what its series ends with then. */
  private double added(TimeSeriesStore store) {
    var now = postgres.clock.millis();
    var table = store.table();
    var labels = Labels.of(Labels.METRIC_NAME, "jobs_total");
    var head = ((SeriesTable.Admission.Admitted) table.admit(labels)).head();
    var batch = new SampleBatch();
    var sums = new DeltaSums(last, now);
    sums.add(batch, head, now, 10);
    sums.end(batch);
    var result = store.write(table, batch, BodyCodec.REMOTE_WRITE_1, null);
    assertThat(result.stored()).as(result.refusals().describe()).isEqualTo(1);
    sums.stored();
    assertThat(head.newest(now).timestamp()).isEqualTo(now);
    return head.newest(now).value();
  }

  @Test
  void goesOnFromTheLastTotalOfTheRightTimeAfterTheClockWasAhead() {
    var store = postgres.open();
    assertThat(added(store)).isEqualTo(10);
    postgres.clock.advance(Duration.ofHours(3));
    assertThat(added(store)).isEqualTo(20);
    postgres.clock.advance(Duration.ofMinutes(-179));

    assertThat(added(store)).isEqualTo(20);
    postgres.clock.advance(Duration.ofSeconds(10));
    var reopened = postgres.open();
    assertThat(added(reopened)).isEqualTo(30);
  }

  @Test
  void waitsForAnEndThatASenderWithAFastClockMayHaveMade() {
    var store = postgres.open();
    postgres.clock.advance(Duration.ofMinutes(9));
    added(store);
    postgres.clock.advance(Duration.ofMinutes(-8));
    var labels = Labels.of(Labels.METRIC_NAME, "jobs_total");
    var head = ((SeriesTable.Admission.Admitted) store.table().admit(labels)).head();
    var batch = new SampleBatch();

    new DeltaSums(last, postgres.clock.millis()).add(batch, head, begin + 60_000, 10);

    assertThat(batch.size()).isZero();
    assertThat(batch.refusals().count(Refusal.TOO_OLD)).isEqualTo(1);
  }
}
