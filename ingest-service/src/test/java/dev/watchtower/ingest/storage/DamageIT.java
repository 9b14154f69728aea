package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.test.FreshCluster;
import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.jdbc.FaultyDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that is full, or gives back other bytes than it was given. */
class DamageIT {
  private static final int REQUESTS = 30;

  /** Samples of a request; their values are noise, so that a request takes several pages. */
  private static final int A_REQUEST = 2_000;

  private static final int PAGE = 8192;

  @TempDir Path dataDir;

  private FaultyDataSource.Fault atMending = FaultyDataSource.Call::run;

  private interface Harm {
    void to(RandomAccessFile file) throws IOException;
  }

  private static void scratch(RandomAccessFile file, long page) throws IOException {
    file.seek(page * PAGE + 300);
    var other = new byte[2_000];
    Arrays.fill(other, (byte) 0x5a);
    file.write(other);
  }

  @Test
  void aDamagedHeadOfTheLogCostsWhatIsOnItAndNothingElse() throws Exception {
    afterHarm("write_log_0", 2, file -> scratch(file, 0));
  }

  @Test
  void soDoesADamagedTail() throws Exception {
    afterHarm("write_log_0", 2, file -> scratch(file, file.length() / PAGE - 1));
  }

  @Test
  void soDoesATruncatedFile() throws Exception {
    afterHarm("write_log_0", 2, file -> file.setLength(file.length() - 3 * PAGE));
  }

  @Test
  void aDamagedIndexCostsNothing() throws Exception {
    afterHarm(
        "write_log_0_pkey",
        0,
        file -> {
          for (var page = 0; page < file.length() / PAGE; page++) {
            scratch(file, page);
          }
        });
  }

  @Test
  void afterAFaultOfOursWhileItIsMendedNothingOfThatAttemptStays() throws Exception {
    var before = sealingThreads();
    var faults = new AtomicInteger();
    atMending =
        commit -> {
          if (faults.getAndIncrement() == 0) {
            throw new NoClassDefFoundError("an update has replaced it");
          }
          commit.run();
        };
    afterHarm("write_log_0", 2, file -> scratch(file, 0));

    assertThat(faults.get()).isGreaterThan(1);
    // Those that were opened were closed again.
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(sealingThreads()).isSubsetOf(before));
  }

  private static Set<Thread> sealingThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("storage-sealing"))
        .collect(Collectors.toSet());
  }

  /** Writes, stops PostgreSQL, does harm to a file of it, and begins again. */
  private void afterHarm(String relation, int most, Harm harm) throws Exception {
    String file;
    long now;
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      now = postgres.clock.millis();
      var store = postgres.open();
      for (var i = 0; i < REQUESTS; i++) {
        assertThat(noise(store, now, i).stored()).isEqualTo(A_REQUEST);
      }
      store.close();
      file = file(postgres, relation);
    }
    harm(file, harm);
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      var source = new FaultyDataSource(postgres.dataSource);
      source.atCommit(atMending);
      var store = postgres.open(source.dataSource());
      var found = count(store, now);
      assertThat(REQUESTS * A_REQUEST - found).isBetween(0, most * A_REQUEST);
      assertThat(found % A_REQUEST).as("requests are there whole or not at all").isZero();
      assertThat(store.counters().damaged()).isPositive();

      // It goes on, and the damage is gone.
      assertThat(noise(store, now, REQUESTS).stored()).isEqualTo(A_REQUEST);
      var again = postgres.open();
      assertThat(count(again, now)).isEqualTo(found + A_REQUEST);
      assertThat(again.counters().damaged()).isZero();
      again.close();
      store.close();
    }
  }

  private static String file(StorageOnPostgres postgres, String relation) throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var rows =
            connection
                .createStatement()
                .executeQuery("select pg_relation_filepath('ingest." + relation + "')")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private void harm(String file, Harm harm) throws IOException {
    try (var open = new RandomAccessFile(dataDir.resolve("data").resolve(file).toFile(), "rw")) {
      harm.to(open);
    }
  }

  @Test
  void aDamagedPartIsDroppedWhenItIsDueAndKeepsNoOther() throws Exception {
    String file;
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      var store = postgres.open();
      noise(store, postgres.clock.millis(), 0);
      store.sealSoon();
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> store.sealedSamples() >= A_REQUEST);
      store.close();
      var day = DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT).withZone(ZoneOffset.UTC);
      file = file(postgres, "block_" + day.format(postgres.clock.instant()));
    }
    harm(file, open -> scratch(open, 0));
    try (var server = start()) {
      var postgres = new StorageOnPostgres(db(server));
      postgres.keepTwoDays(Duration.ofMinutes(10));
      var store = postgres.open();
      postgres.clock.advance(Duration.ofDays(20));
      noise(store, postgres.clock.millis(), 0);

      store.applyRetention();

      var dropped = store.housekeeping();
      assertThat(dropped.dropped(Tier.RAW, Retention.Reason.AGE)).as("nobody knows").isZero();
      assertThat(dropped.dropped(Tier.MINUTE, Retention.Reason.AGE)).isPositive();
      assertThat(number(postgres, "select count(*) from block")).isZero();
      assertThat(number(postgres, "select through from dropped where tier = 'raw'")).isPositive();
      store.close();
    }
  }

  private static long number(StorageOnPostgres postgres, String sql) throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var rows = connection.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void changedBytesAreNotTakenForWhatWasSent() throws SQLException {
    var postgres = new StorageOnPostgres();
    var now = postgres.clock.millis();
    var store = postgres.open();
    for (var i = 0; i < 3; i++) {
      noise(store, now, i);
    }
    execute(
        postgres,
        "update write_log set body = overlay(body placing '\\x00' from length(body))"
            + " where position = 2 and part = 0");

    var again = postgres.open();

    assertThat(count(again, now)).isEqualTo(2 * A_REQUEST);
    assertThat(again.counters().damaged()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " and part = (select max(part) from write_log where position = 2)"})
  void whereRowsAreGoneTheLogBeginsAnew(String which) throws SQLException {
    var postgres = new StorageOnPostgres();
    var now = postgres.clock.millis();
    var store = postgres.open();
    for (var i = 0; i < 3; i++) {
      noise(store, now, i);
    }
    store.close();
    execute(postgres, "delete from write_log where position = 2" + which);

    var again = postgres.open();

    assertThat(count(again, now)).isEqualTo(2 * A_REQUEST);
    assertThat(again.counters().damaged()).isEqualTo(1);
    assertThat(number(postgres, "select count(*) from write_log")).isZero();
    again.close();
  }

  @Test
  void aFullDiskRefusesAndThenGoesOn() throws SQLException {
    var postgres = new StorageOnPostgres();
    var now = postgres.clock.millis();
    var store = postgres.open();
    assertThat(noise(store, now, 0).stored()).isEqualTo(A_REQUEST);
    // At the commit, as it is when the log of the database cannot grow.
    execute(
        postgres,
        "create function full_disk() returns trigger language plpgsql as $$ begin"
            + " raise exception 'No space left on device' using errcode = '53100'; end $$");
    for (var segment = 0; segment < 2; segment++) {
      execute(
          postgres,
          "create constraint trigger full_disk after insert on write_log_"
              + segment
              + " deferrable initially deferred for each row execute function full_disk()");
    }

    for (var i = 0; i < 3; i++) {
      assertThatThrownBy(() -> noise(store, now, 1)).isInstanceOf(StoreUnavailableException.class);
    }
    assertThat(count(store, now)).isEqualTo(A_REQUEST);
    assertThat(store.isReady()).isTrue();
    assertThat(store.counters().received())
        .isEqualTo(4L * A_REQUEST)
        .isEqualTo(store.counters().stored() + store.counters().refused(Refusal.UNAVAILABLE));

    execute(postgres, "drop function full_disk cascade");
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .until(() -> noise(store, now, 1).stored() == A_REQUEST);
    assertThat(count(store, now)).isEqualTo(2 * A_REQUEST);
    assertThat(count(postgres.open(), now)).isEqualTo(2 * A_REQUEST);
  }

  private static WriteResult noise(TimeSeriesStore store, long now, int request) {
    var labels = Labels.of(Labels.METRIC_NAME, "noise");
    if (!(store.table().admit(labels) instanceof SeriesTable.Admission.Admitted admitted)) {
      throw new AssertionError("it is the only series");
    }
    var random = new Random(request);
    var batch = new SampleBatch();
    for (var i = 0; i < A_REQUEST; i++) {
      batch.add(
          admitted.head(), now - 3_600_000 + ((long) request * A_REQUEST + i), random.nextDouble());
    }
    return store.write(store.table(), batch, BodyCodec.REMOTE_WRITE_1, null);
  }

  private static int count(TimeSeriesStore store, long now) {
    var reader = store.reader();
    return reader
        .select(List.of(), Instant.ofEpochMilli(now - 4_000_000), Instant.ofEpochMilli(now), 10)
        .stream()
        .mapToInt(series -> reader.read(series, now - 4_000_000, now).size())
        .sum();
  }

  private static void execute(StorageOnPostgres postgres, String sql) throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private EmbeddedPostgres start() throws IOException {
    return FreshCluster.on(dataDir.resolve("data")).start();
  }

  private static PostgresSupport.Db db(EmbeddedPostgres server) {
    return new PostgresSupport.Db(
        server.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
  }
}
