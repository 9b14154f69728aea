package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.test.FreshCluster;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of a damaged table of series share; has none of its own. */
abstract class DamagedSeriesIT {
  static final int SAMPLES = 3;
  static final int PAGE = 8192;

  @TempDir Path dataDir;
  long now;
  private TimeSeriesStore open;

  @AfterEach
  void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  TimeSeriesStore open(StorageOnPostgres postgres) {
    close();
    now = postgres.clock.millis();
    open = postgres.open();
    return open;
  }

  void write(TimeSeriesStore store, int... series) {
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
    var result = store.write(store.table(), batch, BodyCodec.REMOTE_WRITE_1, null);
    assertThat(result.stored() + result.duplicates()).isEqualTo((long) series.length * SAMPLES);
  }

  static void seal(TimeSeriesStore store, long samples) {
    store.sealSoon();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> store.sealedSamples() >= samples && store.unsealedSamples() == 0);
  }

  List<Double> values(TimeSeriesStore store, int series) {
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

  static void execute(StorageOnPostgres postgres, String sql) throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  interface Harm {
    void to(RandomAccessFile file) throws IOException;
  }

  static Harm scratch(long page) {
    return file -> {
      var at = page < 0 ? file.length() / PAGE + page : page;
      file.seek(at * PAGE + 300);
      var other = new byte[2_000];
      Arrays.fill(other, (byte) 0x5a);
      file.write(other);
    };
  }

  /** Files of the data directory, by a query for the names of relations. */
  static List<String> files(StorageOnPostgres postgres, String relations) throws SQLException {
    var files = new ArrayList<String>();
    try (var connection = postgres.dataSource.getConnection();
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "select pg_relation_filepath(r) from (" + relations + ") as all_of(r)")) {
      while (rows.next()) {
        files.add(rows.getString(1));
      }
    }
    return files;
  }

  void harm(List<String> files, Harm harm) throws IOException {
    assertThat(files).isNotEmpty();
    for (var file : files) {
      try (var open = new RandomAccessFile(dataDir.resolve("data").resolve(file).toFile(), "rw")) {
        harm.to(open);
      }
    }
  }

  static final Harm ALL_PAGES =
      file -> {
        for (var page = 0; page < file.length() / PAGE; page++) {
          scratch(page).to(file);
        }
      };

  EmbeddedPostgres start() throws IOException {
    return FreshCluster.on(dataDir.resolve("data")).start();
  }

  static PostgresSupport.Db db(EmbeddedPostgres server) {
    return new PostgresSupport.Db(
        server.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
  }
}
