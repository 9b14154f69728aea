package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.series.Matcher;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows of the table of series that are not as they were written: the others go on. */
class SeriesDamageIT extends DamagedSeriesIT {
  @Test
  void aRowThatSaysNothingIsPutAsideAndTheOthersGoOn() throws SQLException {
    var postgres = new StorageOnPostgres();
    var store = open(postgres);
    for (var i = 1; i <= 8; i++) {
      write(store, i);
    }
    seal(store, 8 * SAMPLES);
    execute(postgres, "update series set labels = '{odd}' where id = 1");
    execute(postgres, "update series set labels = '{__name__, null}' where id = 2");
    execute(postgres, "update series set labels = '{a, b, a, c}' where id = 3");
    execute(postgres, "update series set labels = '{{__name__}, {m}}' where id = 4");
    // The one with the highest number: it must not be given again, its samples are there.
    execute(postgres, "update series set labels = '{}' where id = 8");

    store = open(postgres);

    assertThat(store.seriesCount()).isEqualTo(3);
    assertThat(store.quarantinedSeries()).isEqualTo(5);
    assertThat(store.counters().damaged()).isEqualTo(5);
    for (var i = 5; i <= 7; i++) {
      assertThat(values(store, i)).containsExactly((double) i);
    }
    write(store, 9);
    write(store, 1);
    seal(store, 2 * SAMPLES);

    store = open(postgres);
    assertThat(store.counters().damaged()).as("it is told once").isZero();
    assertThat(store.quarantinedSeries()).isEqualTo(5);
    assertThat(values(store, 9)).containsExactly(9.0);
    assertThat(values(store, 1)).containsExactly(1.0);

    // Somebody says again what number 8 is.
    execute(
        postgres,
        "insert into series select 8, array['__name__', 'm', 'env', 'default', 'i', '8', 'service',"
            + " 'default'], last_day from series_quarantine where id = 8");
    execute(postgres, "delete from series_quarantine where id = 8");
    store = open(postgres);
    assertThat(values(store, 8)).containsExactly(8.0);
    assertThat(store.quarantinedSeries()).isEqualTo(4);
  }

  @Test
  void twoRowsWithTheSameLabelsAreOneSeriesWithTheSamplesOfBoth() throws SQLException {
    var postgres = new StorageOnPostgres();
    var store = open(postgres);
    for (var i = 1; i <= 3; i++) {
      write(store, i);
    }
    seal(store, 3 * SAMPLES);
    execute(
        postgres,
        "update series set labels = (select labels from series where id = 1) where id = 3");
    postgres.clock.advance(Duration.ofHours(2));

    for (var start = 0; start < 2; start++) {
      store = open(postgres);
      now -= Duration.ofHours(2).toMillis();

      assertThat(store.seriesCount()).isEqualTo(2);
      assertThat(store.counters().damaged()).isEqualTo(start == 0 ? 1 : 0);
      assertThat(store.quarantinedSeries()).as("nothing is to be repaired").isZero();
      assertThat(values(store, 1)).isNotEmpty();
      assertThat(values(store, 2)).containsExactly(2.0);
      assertThat(values(store, 3)).isEmpty();
    }
    execute(postgres, "delete from series_quarantine");
  }

  @Test
  void aSeriesIsKeptForAsLongAsItsDouble() throws SQLException {
    var postgres = new StorageOnPostgres();
    var store = open(postgres);
    write(store, 1, 2);
    seal(store, 2 * SAMPLES);
    postgres.clock.advance(Duration.ofDays(100));
    store = open(postgres);
    write(store, 3);
    seal(store, SAMPLES);
    execute(
        postgres,
        "update series set labels = (select labels from series where id = 1) where id = 3");
    // The first start knows both rows, the next one only what is left.
    open(postgres);
    store = open(postgres);
    assertThat(store.seriesCount()).isEqualTo(2);

    postgres.clock.advance(Duration.ofDays(700));
    StorageIT.write(store, "alive", postgres.clock.millis(), 1);
    store.applyRetention();

    assertThat(store.housekeeping().seriesRemoved(Housekeeping.Removal.EMPTY)).isEqualTo(1);
    assertThat(store.seriesCount()).as("the double, and the one alive").isEqualTo(2);
    assertThat(
            store
                .reader()
                .select(List.of(Matcher.eq("i", "1")), Instant.EPOCH, postgres.clock.instant(), 10))
        .hasSize(1);
  }
}
