package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is sealed stays in memory only as far as there is room, also after a start. */
class MemoryIT {
  private static final int SERIES = 40;
  private static final int SAMPLES = 400;

  private final StorageOnPostgres postgres = new StorageOnPostgres();

  @Test
  void keepsTheWindowWhereThereIsRoom() {
    postgres.keepInMemory(10_000_000);
    var store = filled();

    assertThat(sealedBytes(store)).isPositive();
    assertThat(sealedBytes(postgres.open())).isPositive();
  }

  @Test
  void leavesItToTheArchiveWhereThereIsNot() {
    postgres.keepInMemory(1000);
    var store = filled();

    assertThat(sealedBytes(store)).isLessThan(1000);
    assertThat(sum(store)).isEqualTo(SERIES * SAMPLES);
    var reopened = postgres.open();
    assertThat(sealedBytes(reopened)).isLessThan(1000);
    assertThat(sum(reopened)).isEqualTo(SERIES * SAMPLES);
    assertThat(reopened.past())
        .as("who was heard last is known")
        .singleElement()
        .satisfies(last ->
            assertThat(last.lastSample())
                .isEqualTo(postgres.clock.instant().minus(Duration.ofSeconds(1))));
    // What was written before, written again, is still known.
    var again = StorageIT.write(reopened, "m1", postgres.clock.millis() - 1000, 1);
    assertThat(again.stored() + again.duplicates()).isEqualTo(1);
    assertThat(sum(reopened)).isEqualTo(SERIES * SAMPLES);
  }

  @Test
  void aClockThatIsBehindLoadsNotAllThereIs() {
    postgres.keepInMemory(1000);
    var store = filled();
    var end = postgres.clock.millis();
    assertThat(sum(store)).isEqualTo(SERIES * SAMPLES);

    postgres.clock.advance(Duration.ofDays(-2000));
    var reopened = postgres.open();

    assertThat(sealedBytes(reopened)).isZero();
    postgres.clock.advance(Duration.ofDays(2000));
    assertThat(postgres.clock.millis()).isEqualTo(end);
    assertThat(sum(reopened)).as("the archive has them").isEqualTo(SERIES * SAMPLES);
  }

  /** What is left to the archive is what is not loaded, also where time passes while it opens. */
  @Test
  void findsAllWhereTheClockMovesWhileItOpens() {
    var store = postgres.open();
    var begin = postgres.clock.millis();
    for (var series = 0; series < SAMPLES; series++) {
      StorageIT.write(store, "m" + series, begin + series * 1000L, 1);
    }
    store.sealSoon();
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.sealedSamples() == SAMPLES);
    postgres.clock.advance(postgres.settings.memoryWindow().plusSeconds(SAMPLES / 4));
    postgres.clock.advanceAtEachReading(Duration.ofSeconds(5));

    var reopened = postgres.open();

    postgres.clock.advanceAtEachReading(Duration.ZERO);
    var engine = new QueryEngine(reopened.reader(), QueryLimits.DEFAULT, System::nanoTime);
    for (var series = 0; series < SAMPLES; series++) {
      var one = Parser.parse("m" + series);
      assertThat(((Value.Vector) engine.instant(one, begin + series * 1000L)).samples())
          .as("the sample of second " + series)
          .hasSize(1);
    }
  }

  /** Series of four hundred samples, a second apart, the last of them a moment ago; all sealed. */
  private TimeSeriesStore filled() {
    var store = postgres.open();
    var begin = postgres.clock.millis() + 1000;
    postgres.clock.advance(Duration.ofSeconds(SAMPLES + 1));
    for (var series = 0; series < SERIES; series++) {
      var head = head(store, "m" + series);
      var batch = new SampleBatch();
      for (var i = 0; i < SAMPLES; i++) {
        batch.add(head, begin + i * 1000L, 1);
      }
      store.write(store.table(), batch, BodyCodec.REMOTE_WRITE_1, null);
    }
    store.sealSoon();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> store.sealedSamples() >= SERIES * SAMPLES);
    // Sealing drops from memory behind what it counts.
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() ->
            postgres.settings.memoryBytes() > 1000_000
                || sealedBytes(store) <= postgres.settings.memoryBytes());
    return store;
  }

  private static Head head(TimeSeriesStore store, String name) {
    var labels = Labels.of(Labels.METRIC_NAME, name);
    return ((SeriesTable.Admission.Admitted) store.table().admit(labels)).head();
  }

  private static long sealedBytes(TimeSeriesStore store) {
    var bytes = 0L;
    for (var series = 0; series < SERIES; series++) {
      bytes += head(store, "m" + series).sealedBytes();
    }
    return bytes;
  }

  /** How many samples queries find. */
  private long sum(TimeSeriesStore store) {
    var engine = new QueryEngine(store.reader(), QueryLimits.DEFAULT, System::nanoTime);
    var found = 0L;
    for (var series = 0; series < SERIES; series++) {
      var query = Parser.parse("count_over_time(m" + series + "[1h])");
      var value = (Value.Vector) engine.instant(query, postgres.clock.millis());
      found += (long) value.samples().getFirst().value();
    }
    return found;
  }
}
