package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Series;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Late samples: what the archive has already, and what a start finds of them in the log. */
class RepeatsIT {
  private static final int FIRST = 20;

  private StorageOnPostgres postgres;
  private long now;

  @BeforeEach
  void twoHoursForLateSamples() {
    postgres = new StorageOnPostgres();
    postgres.keepTwoDays(Duration.ofHours(2));
    now = postgres.clock.millis() / 3_600_000 * 3_600_000;
  }

  @Test
  void archivesLateSamplesOfASeriesOnce() throws SQLException {
    var store = firstOnesOnlyInTheArchive();

    comeAgain(store, FIRST + 1);
  }

  @Test
  void soItDoesAfterARestart() throws SQLException {
    var before = firstOnesOnlyInTheArchive();
    before.close();

    comeAgain(postgres.open(), 0);
  }

  @Test
  void takesNoNoticeWhereNothingIsRepeated() throws SQLException {
    var store = firstOnesOnlyInTheArchive();

    StorageIT.write(store, "x", now + 500, 7);
    seal(store, FIRST + 2);

    assertThat(read(store, now, now + 1000).values()).containsExactly(0, 7, 1);
    assertThat(archived()).isEqualTo(FIRST + 2);
    assertThat(store.counters().sealedBeforeSame()).isZero();
  }

  @Test
  void findsTheArchivedSamplesOfASeriesWhoseFirstSampleAfterAStartIsAnOldOne() {
    var before = firstOnesOnlyInTheArchive();
    before.close();
    var store = postgres.open();

    assertThat(StorageIT.write(store, "x", now - 5000, -1).stored()).isEqualTo(1);

    assertThat(read(store, now + 1000, now + 5000).values()).containsExactly(1, 2, 3, 4, 5);
  }

  @Test
  void aShorterWindowTakesNothingAwayThatWasAcknowledged() {
    var hour = 3_600_000;
    var wide = postgres.open();
    write(wide, now, 2);
    write(wide, now - hour, 1);
    wide.close();

    postgres.keepTwoDays(Duration.ofMinutes(10));
    var narrow = postgres.open();
    assertThat(read(narrow, now - hour, now).values()).containsExactly(1, 2);
    write(narrow, now + 1000, 3);
    narrow.close();
    // The log has samples of both still.
    var again = postgres.open();
    assertThat(read(again, now - hour, now + 1000).values()).containsExactly(1, 2, 3);
    var tooOld = StorageIT.write(again, "x", now - hour / 2, 0);
    assertThat(tooOld.refusals().count(Refusal.TOO_OLD)).isEqualTo(1);
  }

  private static void write(TimeSeriesStore store, long ts, double value) {
    assertThat(StorageIT.write(store, "x", ts, value).stored()).isEqualTo(1);
  }

  private TimeSeriesStore firstOnesOnlyInTheArchive() {
    var store = postgres.open();
    for (var i = 0; i < FIRST; i++) {
      StorageIT.write(store, "x", now + i * 1000L, i);
    }
    seal(store, FIRST);
    postgres.clock.advance(Duration.ofMinutes(70));
    StorageIT.write(store, "x", postgres.clock.millis(), 99);
    seal(store, FIRST + 1);
    postgres.clock.advance(Duration.ofMinutes(30));
    return store;
  }

  private void comeAgain(TimeSeriesStore store, long sealed) throws SQLException {
    var result = new WriteResult(0, 0, new Refusals());
    for (var i = 0; i < 5; i++) {
      result = StorageIT.write(store, "x", now + i * 1000L, i);
    }
    StorageIT.write(store, "x", now + 5000, 55);
    StorageIT.write(store, "x", now + 5500, 5.5);
    var other = StorageIT.write(store, "y", postgres.clock.millis(), 1);

    // That they are there is not known yet.
    assertThat(result.stored()).isEqualTo(1);
    assertThat(other.stored()).isEqualTo(1);
    seal(store, sealed + 2);

    assertThat(archived()).isEqualTo(FIRST + 3);
    assertThat(store.counters().sealedBeforeSame()).isEqualTo(5);
    assertThat(store.counters().sealedBeforeOther()).isEqualTo(1);
    assertThat(store.unsealedSamples()).isZero();
    assertThat(read(store, now, now + 6000).values()).containsExactly(0, 1, 2, 3, 4, 5, 5.5, 6);
    // Another restart finds no more than that, and the roll-ups neither.
    store.close();
    var last = postgres.open();
    assertThat(read(last, now, now + 6000).values()).containsExactly(0, 1, 2, 3, 4, 5, 5.5, 6);
    postgres.clock.advance(Duration.ofDays(5));
    last.applyRetention();
    assertThat(value(last, "count_over_time(x[1m])", now + 59_999)).isEqualTo(FIRST + 1);
    assertThat(value(last, "max_over_time(x[1m])", now + 59_999)).isEqualTo(FIRST - 1);
  }

  private static void seal(TimeSeriesStore store, long samples) {
    store.sealSoon();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(store.sealedSamples()).isEqualTo(samples));
  }

  private dev.watchtower.ingest.series.Samples read(TimeSeriesStore store, long from, long to) {
    List<Series> found =
        store
            .reader()
            .select(
                List.of(Matcher.eq("__name__", "x")),
                Instant.ofEpochMilli(from),
                Instant.ofEpochMilli(to),
                1);
    assertThat(found).hasSize(1);
    return store.reader().read(found.getFirst(), from, to);
  }

  private static double value(TimeSeriesStore store, String query, long at) {
    var engine = new QueryEngine(store.reader(), QueryLimits.DEFAULT, System::nanoTime);
    var samples = ((Value.Vector) engine.instant(Parser.parse(query), at)).samples();
    assertThat(samples).as(query).hasSize(1);
    return samples.getFirst().value();
  }

  private long archived() throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select sum(samples) from block")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
