package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.test.MutableClock;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.Head;
import dev.watchtower.ingest.storage.SeriesTable;
import dev.watchtower.ingest.storage.SeriesTables;
import java.lang.ref.Reference;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LastDeltasTest {
  private final LastDeltas deltas = new LastDeltas();
  private final SeriesTable table = SeriesTables.empty(MutableClock.ofAFixedDay());

  @Test
  void knowsAnotherDeltaOfTheSameTime() {
    var head = head(table);
    deltas.stored(head, 1000, 5);

    assertThat(deltas.isAnother(head, 1000, 6)).isTrue();
    assertThat(deltas.isAnother(head, 1000, 5)).isFalse();
    assertThat(deltas.isAnother(head, 2000, 6)).isFalse();
  }

  @Test
  void keepsNothingOfATableThatWasClosed() {
    deltas.stored(head(table), 1000, 5);
    deltas.stored(head(SeriesTables.empty(MutableClock.ofAFixedDay())), 1000, 5);

    Awaitility.await()
        .atMost(Duration.ofSeconds(5))
        .until(() -> {
          System.gc();
          return deltas.size() == 1;
        });
    assertThat(deltas.isAnother(head(table), 1000, 6)).isTrue();
    Reference.reachabilityFence(table);
  }

  private static Head head(SeriesTable table) {
    var admission = table.admit(Labels.of(Labels.METRIC_NAME, "jobs_total"));
    return ((SeriesTable.Admission.Admitted) admission).head();
  }
}
