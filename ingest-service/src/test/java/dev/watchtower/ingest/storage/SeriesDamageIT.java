package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Series;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A table of series that is not as it was written: what can be read of it goes on. */
class SeriesDamageIT {
  private static final int SAMPLES = 3;
  private static final int PAGE = 8192;

  @TempDir Path dataDir;
  private long now;
  private TimeSeriesStore open;

  @AfterEach
  void close() {
    if (open != null) {
      open.close();
    }
  }

  private TimeSeriesStore open(StorageOnPostgres postgres) {
    close();
    now = postgres.clock.millis();
    open = postgres.open();
    return open;
  }

  private void write(TimeSeriesStore store, int... series) {
    var batch = new SampleBatch();
    for (var one : series) {
      var labels = Labels.of(Labels.METRIC_NAME, "m", "i", "" + one);
      if (!(store.table().admit(labels) instanceof SeriesTable.Admission.Admitted admitted)) {
        throw new AssertionError("there is room for it");
      }
      for (var i = 0; i < SAMPLES; i++) {
        batch.add(admitted.head(), now - 3_600_000 + i, one);
      }
    }
    var result = store.write(batch, BodyCodec.REMOTE_WRITE_1, null);
    assertThat(result.stored() + result.duplicates()).isEqualTo((long) series.length * SAMPLES);
  }

  private static void seal(TimeSeriesStore store, long samples) {
    store.sealSoon();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> store.sealedSamples() >= samples && store.unsealedSamples() == 0);
  }

  private List<Double> values(TimeSeriesStore store, int series) {
    var reader = store.reader();
    var found =
        reader.select(
            List.of(new Matcher("i", Matcher.Op.EQ, "" + series)),
            Instant.ofEpochMilli(now - 4_000_000),
            Instant.ofEpochMilli(now),
            10);
    return found.stream()
        .map((Series one) -> reader.read(one, now - 4_000_000, now))
        .flatMap(samples -> IntStream.range(0, samples.size()).mapToObj(samples::value))
        .distinct()
        .toList();
  }

  private static void execute(StorageOnPostgres postgres, String sql) throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

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

  private interface Harm {
    void to(RandomAccessFile file) throws IOException;
  }

  private static Harm scratch(long page) {
    return file -> {
      var at = page < 0 ? file.length() / PAGE + page : page;
      file.seek(at * PAGE + 300);
      var other = new byte[2_000];
      Arrays.fill(other, (byte) 0x5a);
      file.write(other);
    };
  }

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
      for (var i = 0; i < all + 10; i++) {
        assertThat(values(store, i)).containsExactly((double) i);
      }
      store.close();
    }
  }

  private EmbeddedPostgres start() throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(dataDir.resolve("data"))
        .setCleanDataDirectory(false)
        .start();
  }

  private static PostgresSupport.Db db(EmbeddedPostgres server) {
    return new PostgresSupport.Db(
        server.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
  }
}
