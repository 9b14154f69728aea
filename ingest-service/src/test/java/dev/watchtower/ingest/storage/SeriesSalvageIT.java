package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.jdbc.PgChunkArchive;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import dev.watchtower.ingest.storage.jdbc.PgRequestLog;
import java.io.RandomAccessFile;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Pages of the table of series that cannot be read: what can be read of it goes on. */
class SeriesSalvageIT extends DamagedSeriesIT {
  static Stream<Arguments> harms() {
    return Stream.of(
        Arguments.of("a page of the table", "series", scratch(-3), 1),
        Arguments.of("its last page", "series", scratch(-1), 1),
        Arguments.of("its index", "series_pkey", scratch(0), 0));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("harms")
  void whatCanBeReadOfTheDiskGoesOn(String what, String relation, Harm harm, int damaged)
      throws Exception {
    var all = 600;
    String file;
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      var store = open(postgres);
      write(store, IntStream.range(0, all).toArray());
      seal(store, (long) all * SAMPLES);
      store.close();
      try (var connection = postgres.dataSource.getConnection();
          var rows =
              connection
                  .createStatement()
                  .executeQuery("select pg_relation_filepath('ingest." + relation + "')")) {
        rows.next();
        file = rows.getString(1);
      }
    }
    try (var open = new RandomAccessFile(dataDir.resolve("data").resolve(file).toFile(), "rw")) {
      harm.to(open);
    }
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      var store = open(postgres);

      assertThat(store.counters().damaged()).isEqualTo(damaged);
      assertThat(store.seriesCount()).isBetween(all - 150L * damaged, (long) all - damaged);
      var readable = 0;
      for (var i = 0; i < all; i++) {
        var values = values(store, i);
        readable += values.size();
        assertThat(values).as("series %s", i).isIn(List.of(), List.of((double) i));
      }
      assertThat(readable).isEqualTo((int) store.seriesCount());

      // It goes on: what is lost comes anew, under numbers that nobody has had.
      write(store, IntStream.range(0, all + 10).toArray());
      seal(store, 10 * SAMPLES);
      store = open(postgres);
      assertThat(store.counters().damaged()).isZero();
      assertThat(store.quarantinedSeries() > 0).isEqualTo(damaged > 0);
      // Each takes a query of its own: a few of every page, and the last ones.
      for (var i = 0; i < all + 10; i += i < all ? 17 : 1) {
        assertThat(values(store, i)).containsExactly((double) i);
      }
      store.close();
    }
  }

  private List<String> sealed(int series, String relations) throws Exception {
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      var store = open(postgres);
      write(store, IntStream.range(0, series).toArray());
      seal(store, (long) series * SAMPLES);
      close();
      return files(postgres, relations);
    }
  }

  @Test
  void aTableThatWasMadeAnewIsMadeAnewOnceMore() throws Exception {
    var all = 600;
    harm(sealed(all, "values ('series'::regclass)"), scratch(-1));
    List<String> table;
    List<String> key;
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      var store = open(postgres);
      assertThat(store.counters().damaged()).isEqualTo(1);
      close();
      // By its usual name, and then by any.
      execute(postgres, "alter table series rename constraint series_pkey to \"An odd key\"");
      // Whoever has looked at the first one drops it, or not.
      execute(postgres, "create table series_damaged_4 (id bigint)");
      execute(postgres, "drop table series_damaged_1");
      table = files(postgres, "values ('series'::regclass)");
      key = files(postgres, "select indexrelid from pg_index where indrelid = 'series'::regclass");
    }
    harm(table, scratch(-1));
    harm(key, ALL_PAGES);
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      var store = open(postgres);

      assertThat(store.counters().damaged()).isEqualTo(1);
      assertThat(store.seriesCount()).isBetween(all - 300L, all - 2L);
      execute(postgres, "alter table series rename constraint series_pkey to another_key");
      execute(postgres, "drop table series_damaged_5");
      close();
    }
  }

  @Test
  void aTableOfWhichNothingCanBeReadIsNotMadeEmpty() throws Exception {
    harm(sealed(600, "values ('series'::regclass)"), ALL_PAGES);
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      var fence = new PgFence();
      new PgRequestLog(postgres.dataSource, fence).open();
      var archive = new PgChunkArchive(postgres.dataSource, fence);

      for (var attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> archive.loadSeries((id, labels, lastDay) -> id))
            .isInstanceOf(RequestLog.DamagedException.class)
            .hasMessageContaining("pages of the table series can be read");
      }
      assertThat(files(postgres, "select oid from pg_class where relname like 'series\\_damaged%'"))
          .isEmpty();
    }
  }

  @Test
  void theOnlyPageOfASmallTableCostsAllSeriesAndTheStartGoesOn() throws Exception {
    harm(sealed(20, "values ('series'::regclass)"), ALL_PAGES);
    try (var server = start()) {
      var store = open(new StorageOnPostgres(db(server)));

      assertThat(store.seriesCount()).isZero();
      assertThat(store.quarantinedSeries()).isEqualTo(1);
      write(store, 0);
      assertThat(values(store, 0)).containsExactly(0.0);
      close();
    }
  }

  @Test
  void blocksThatCannotBeReadEitherHoldBackNothing() throws Exception {
    var all = 600;
    var table = sealed(all, "values ('series'::regclass)");
    List<String> blocks;
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      var parts = "select inhrelid from pg_inherits where inhparent = 'block'::regclass";
      blocks =
          files(
              postgres,
              parts + " union select indexrelid from pg_index where indrelid in (" + parts + ")");
    }
    harm(table, scratch(-1));
    harm(blocks, ALL_PAGES);
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      var store = open(postgres);

      assertThat(store.seriesCount()).isBetween(all - 150L, all - 1L);
      assertThat(store.quarantinedSeries()).isEqualTo(1);
      // Far from all numbers that may have been given.
      if (!(store.table().admit(Labels.of(Labels.METRIC_NAME, "new"))
          instanceof SeriesTable.Admission.Admitted admitted)) {
        throw new AssertionError("there is room for it");
      }
      assertThat(admitted.head().series().id()).isGreaterThan(1_000_000_000);
      close();
    }
  }
}
