package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.test.MutableClock;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.Head;
import dev.watchtower.ingest.storage.SeriesTable;
import dev.watchtower.ingest.storage.SeriesTables;
import org.junit.jupiter.api.Test;

class LastDeltasTest {
  @Test
  void keepsNothingOfATableThatWasClosed() {
    var deltas = new LastDeltas();
    var table = SeriesTables.empty(MutableClock.ofAFixedDay());
    var head = head(table);
    deltas.begin(table);
    deltas.stored(head, 1000, 5);
    deltas.begin(table);
    assertThat(deltas.isAnother(head, 1000, 6)).isTrue();

    deltas.begin(SeriesTables.empty(MutableClock.ofAFixedDay()));

    assertThat(deltas.isAnother(head, 1000, 6)).isFalse();
  }

  private static Head head(SeriesTable table) {
    var admission = table.admit(Labels.of(Labels.METRIC_NAME, "jobs_total"));
    return ((SeriesTable.Admission.Admitted) admission).head();
  }
}
