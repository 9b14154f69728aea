package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Samples;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Another session reads all tables for hours, as pg_dump does. */
class BesideReadersIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  private StorageOnPostgres postgres;
  private long now;

  @BeforeEach
  void freshDatabase() {
    postgres = new StorageOnPostgres();
    now = postgres.clock.millis();
  }

  @Test
  void sealsAndStartsAllTheSame() throws SQLException {
    var store = postgres.open();
    TimeSeriesStore last;
    try (var reader = reader()) {
      write(store, 0);
      seal(store, 1);
      write(store, 1);
      seal(store, 2);
      write(store, 2);
      assertThat(count("select count(*) from write_log")).isEqualTo(3);

      store.close();
      last = postgres.open();
      assertThat(read(last).values()).containsExactly(0, 1, 2);
      write(last, 3);
      seal(last, 2);
      write(last, 4);
      reader.rollback();
    }
    assertThat(read(postgres.open()).values()).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void emptiesTheLogOnceNobodyReadsIt() throws SQLException {
    var store = postgres.open();
    try (var reader = reader()) {
      write(store, 0);
      seal(store, 1);
      write(store, 1);
      seal(store, 2);
      assertThat(count("select count(*) from write_log")).isEqualTo(2);
      reader.rollback();
    }

    // The one empties the segment that was left, the other that which was gone on with.
    write(store, 2);
    seal(store, 3);
    write(store, 3);
    seal(store, 4);

    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(count("select count(*) from write_log")).isZero());
    assertThat(read(postgres.open()).values()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void makesThePartsOfTheNextDay() throws SQLException {
    var store = postgres.open();
    write(store, 0);
    seal(store, 1);
    try (var reader = reader()) {
      postgres.clock.advance(Duration.ofDays(1));
      now += Duration.ofDays(1).toMillis();
      write(store, 1);
      seal(store, 2);
      reader.rollback();
    }
    assertThat(count("select count(*) from pg_inherits where inhparent = 'block'::regclass"))
        .isEqualTo(2);
    assertThat(
            count(
                "select count(*) from pg_attribute a join pg_inherits i on i.inhrelid = a.attrelid"
                    + " where inhparent = 'block'::regclass and attname = 'data'"
                    + " and attstorage = 'e' and attnotnull"))
        .as("bodies that are deflated already are not compressed")
        .isEqualTo(2);
    assertThat(count("select count(*) from pg_inherits where inhparent = 'block_block'::regclass"))
        .as("indexes")
        .isEqualTo(2);
  }

  /** What pg_dump does first. */
  private Connection reader() throws SQLException {
    var reader = postgres.dataSource.getConnection();
    reader.setAutoCommit(false);
    try (var statement = reader.createStatement()) {
      statement.execute(
          "lock table write_log, log_state, log_owner, series, block, rollup_minute, rollup_hour"
              + " in access share mode");
    }
    return reader;
  }

  private void write(TimeSeriesStore store, int value) {
    assertThat(StorageIT.write(store, "x", now + value * 1000L, value).stored()).isEqualTo(1);
  }

  private static void seal(TimeSeriesStore store, long samples) {
    store.sealSoon();
    Awaitility.await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(store.sealedSamples()).isEqualTo(samples));
  }

  private Samples read(TimeSeriesStore store) {
    var series =
        store
            .reader()
            .select(
                List.of(Matcher.eq(Labels.METRIC_NAME, "x")),
                Instant.ofEpochMilli(now),
                Instant.ofEpochMilli(now + 10_000),
                1);
    return store.reader().read(series.getFirst(), now, now + 10_000);
  }

  private long count(String sql) throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
