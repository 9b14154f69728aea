package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.SampleListener;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import dev.watchtower.ingest.storage.jdbc.FaultyDataSource;
import dev.watchtower.ingest.storage.jdbc.PgChunkArchive;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import dev.watchtower.ingest.storage.jdbc.PgRequestLog;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is written to the tables by whom nobody waits for any more. */
class UnconfirmedIT {
  private static final String SEALING = "storage-sealing";

  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final FaultyDataSource source = new FaultyDataSource(postgres.dataSource);
  private final long now = postgres.clock.millis();

  @Test
  void aRefusedRequestWhoseCommitTookPlaceAfterAllDoesNotComeBack() {
    var store = postgres.open(source.dataSource());
    write(store, "x", now, 1);
    loseTheNextConfirmation();

    assertThatThrownBy(() -> write(store, "x", now + 1000, 2))
        .isInstanceOf(StoreUnavailableException.class);

    assertThat(storedOnceItCanBe(store, "x", now + 2000, 3)).isEqualTo(1);
    assertThat(values(store, "x")).containsExactly(1, 3);
    assertThat(values(postgres.open(), "x")).containsExactly(1, 3);
  }

  @Test
  void norDoesItWhereACutComesBeforeTheNextRequest() {
    var store = postgres.open(source.dataSource());
    write(store, "x", now, 1);
    loseTheNextConfirmation();
    assertThatThrownBy(() -> write(store, "x", now + 1000, 2))
        .isInstanceOf(StoreUnavailableException.class);

    // The sealing gets no further, so that its segment stays.
    source.atCommit(commit -> {
      if (Thread.currentThread().getName().equals(SEALING)) {
        throw new SQLException("no");
      }
      commit.run();
    });
    store.sealSoon();
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.sealingFailures() > 0);

    assertThat(storedOnceItCanBe(store, "x", now + 2000, 3)).isEqualTo(1);
    assertThat(values(postgres.open(), "x")).containsExactly(1, 3);
    store.close();
  }

  @Test
  void aRefusedRequestWhoseCommitIsStillUnderWayDoesNotComeBack() throws SQLException {
    var store = postgres.open(source.dataSource());
    write(store, "x", now, 1);
    source.loseNextCommit();
    assertThatThrownBy(() -> write(store, "x", now + 1000, 2))
        .isInstanceOf(StoreUnavailableException.class);
    source.atCommit(commit -> {
      if (Thread.currentThread().getName().equals(SEALING)) {
        throw new SQLException("no");
      }
      commit.run();
    });
    store.sealSoon();

    // It waits for the commit; it would cut otherwise, and leave what comes late behind.
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> locksWaitedFor() > 0 || store.sealingFailures() > 0);
    source.commitLost();

    assertThat(storedOnceItCanBe(store, "x", now + 2000, 3)).isEqualTo(1);
    assertThat(values(postgres.open(), "x")).containsExactly(1, 3);
    store.close();
  }

  @Test
  void whatIsUnderWayForTooLongIsNotWaitedFor() throws Exception {
    var log = new PgRequestLog(source.dataSource(), new PgFence());
    log.open();
    var entry = new RequestLog.Entry(1, BodyCodec.REMOTE_WRITE_1, 1, new byte[] {1});
    source.loseNextCommit();
    assertThatThrownBy(() -> log.append(0, List.of(entry)))
        .isInstanceOf(UnavailableException.class);

    assertThatThrownBy(() -> log.discardAfter(0, 0))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("lock timeout");

    // What is sealed is in the other segment.
    log.empty(1);
    source.commitLost();
    log.discardAfter(0, 0);
    assertThat(log.open().lastPosition()).isZero();
  }

  private long locksWaitedFor() throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var rows =
            connection
                .createStatement()
                .executeQuery(
                    "select count(*) from pg_locks where not granted"
                        + " and database = (select oid from pg_database"
                        + " where datname = current_database())")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void aFaultOfOursWhileSealingHasStorageOpenedAnew() {
    var store = postgres.open(source.dataSource());
    write(store, "x", now, 1);
    source.atCommit(commit -> {
      if (Thread.currentThread().getName().equals(SEALING)) {
        source.atCommit(FaultyDataSource.Call::run);
        throw new NoClassDefFoundError("an update has replaced it");
      }
      commit.run();
    });
    var before = store.table();
    store.sealSoon();

    // Before anything else is to be sealed.
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .until(() -> store.table() != before);
    assertThat(store.sealingFailures()).isEqualTo(1);
    assertThat(storedOnceItCanBe(store, "x", now + 2000, 3)).isEqualTo(1);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .until(() -> {
          store.sealSoon();
          return store.sealedSamples() > 0;
        });
    assertThat(values(store, "x")).containsExactly(1, 3);
    store.close();
    assertThat(values(postgres.open(), "x")).containsExactly(1, 3);
  }

  @Test
  void aSealingThatGoesOnWhileStorageIsOpenedAnewTakesNothingAway() {
    var store = postgres.open(source.dataSource());
    write(store, "x", now, 1);
    var reached = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    // It is archived; what is left to do is to empty the log.
    source.atCommit(commit -> {
      commit.run();
      if (Thread.currentThread().getName().equals(SEALING)) {
        source.atOpening(open -> {
          if (Thread.currentThread().getName().equals(SEALING)) {
            reached.countDown();
            awaitWhateverComes(release);
          }
          open.run();
        });
      }
    });
    store.sealSoon();
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> reached.getCount() == 0);
    source.atCommit(commit -> {
      throw new SQLException("a page cannot be read", "XX001");
    });
    assertThatThrownBy(() -> write(store, "x", now + 1000, 2))
        .isInstanceOf(StoreUnavailableException.class);
    source.atCommit(FaultyDataSource.Call::run);

    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> store.isReady() || store.lastError().orElse("").contains("being sealed"));
    assertThat(store.isReady()).as("opened while something may still be taken away").isFalse();
    release.countDown();

    assertThat(storedOnceItCanBe(store, "x", now + 2000, 3)).isEqualTo(1);
    assertThat(values(postgres.open(), "x")).containsExactly(1, 3);
  }

  @Test
  void listenersAreToldOfWhatWasCommittedAndNotAppliedBeforeAnOpeningAnew() throws Exception {
    var told = new AtomicLong();
    var store = postgres.open(source.dataSource());
    store.listen(listener(told));
    write(store, "x", now, 1);
    var table = store.table();
    var committed = new AtomicInteger();
    source.atCommit(commit -> {
      commit.run();
      committed.incrementAndGet();
    });
    try (var senders = Executors.newFixedThreadPool(2)) {
      // Whoever applies comes no further than to x.
      synchronized (admitted(table, "x")) {
        for (var i = 1; i <= 2; i++) {
          var later = i;
          var unused =
              senders.submit(() -> StorageIT.write(store, "x", now + later * 1000, later + 1));
          Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> committed.get() == later);
        }
        damaged(store);
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
            .until(() -> store.table() != table);
      }
    }

    assertThat(store.missedByListeners()).isEqualTo(2);
    assertThat(values(store, "x")).containsExactly(1, 2, 3);
    // Without another batch: none may come for long.
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> told.get() == 2);
    store.close();
  }

  private static SampleListener listener(AtomicLong told) {
    return new SampleListener() {
      @Override
      public String name() {
        return "test";
      }

      @Override
      public void accepted(AcceptedBatch batch) {
        // Of interest is what it is not given.
      }

      @Override
      public void missed(long samples) {
        told.addAndGet(samples);
      }
    };
  }

  @Test
  void writersAreSentAwayAtOnceWhileTheClosingWaitsForACleanUp() {
    var store = postgres.open(source.dataSource());
    write(store, "x", now, 1);
    // As retention does, for as long as the database takes.
    synchronized (store) {
      damaged(store);

      Awaitility.await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() ->
              assertThatThrownBy(() -> write(store, "x", now + 1000, 2))
                  .isInstanceOf(StoreUnavailableException.class)
                  .hasMessageContaining("not open"));
    }
    assertThat(storedOnceItCanBe(store, "x", now + 1000, 2)).isEqualTo(1);
    store.close();
  }

  /** Has storage be opened anew. */
  private void damaged(TimeSeriesStore store) {
    source.atCommit(commit -> {
      throw new SQLException("a page cannot be read", "XX001");
    });
    assertThatThrownBy(() -> write(store, "y", now + 1000, 2))
        .isInstanceOf(StoreUnavailableException.class);
    source.atCommit(FaultyDataSource.Call::run);
  }

  @Test
  void aRequestWhoseSeriesWereLookedUpBeforeStorageWasOpenedAnewIsRefused() {
    var store = postgres.open(source.dataSource());
    write(store, "x", now, 1);
    var before = store.table();
    var batch = new SampleBatch();
    // Not stored yet, so that its number is given to the next new series after the opening.
    batch.add(admitted(before, "late"), now + 1000, 2);
    source.atCommit(commit -> {
      throw new SQLException("a page cannot be read", "XX001");
    });
    assertThatThrownBy(() -> write(store, "x", now + 1000, 2))
        .isInstanceOf(StoreUnavailableException.class);
    source.atCommit(FaultyDataSource.Call::run);
    assertThat(storedOnceItCanBe(store, "y", now + 2000, 3)).isEqualTo(1);

    assertThatThrownBy(() -> store.write(before, batch, BodyCodec.REMOTE_WRITE_1, null))
        .isInstanceOf(StoreUnavailableException.class)
        .hasMessageContaining("opened anew");

    write(store, "late", now + 1000, 2);
    assertThat(values(store, "late")).containsExactly(2);
    store.sealSoon();
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.unsealedSamples() == 0);
    assertThat(values(postgres.open(), "y")).containsExactly(3);
  }

  private static Head admitted(SeriesTable table, String name) {
    var admission = table.admit(Labels.of(Labels.METRIC_NAME, name));
    return ((SeriesTable.Admission.Admitted) admission).head();
  }

  @Test
  void onlyWhoOpenedStorageLastRemovesSeries() throws Exception {
    var fence = new PgFence();
    new PgRequestLog(postgres.dataSource, fence).open();
    var store = postgres.open();
    write(store, "x", now, 1);
    store.sealSoon();
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.sealedSamples() == 1);

    assertThatThrownBy(
            () -> new PgChunkArchive(postgres.dataSource, fence).removeSeries(List.of(1L)))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("taken over");

    assertThat(values(postgres.open(), "x")).containsExactly(1);
  }

  private static void awaitWhateverComes(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // As a call to the database, which is not interrupted.
      }
    }
  }

  static void write(TimeSeriesStore store, String name, long ts, double value) {
    assertThat(StorageIT.write(store, name, ts, value).stored()).isEqualTo(1);
  }

  static long storedOnceItCanBe(TimeSeriesStore store, String name, long ts, double value) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .until(() -> StorageIT.write(store, name, ts, value).stored(), stored -> stored > 0);
  }

  private double[] values(TimeSeriesStore store, String name) {
    return values(store, name, now);
  }

  /** From a second before {@code now} until ten after it. */
  static double[] values(TimeSeriesStore store, String name, long now) {
    var reader = store.reader();
    var found =
        reader.select(
            List.of(Matcher.eq(Labels.METRIC_NAME, name)),
            Instant.ofEpochMilli(now - 1000),
            Instant.ofEpochMilli(now + 10_000),
            1);
    return reader.read(found.getFirst(), now - 1000, now + 10_000).values();
  }

  private void loseTheNextConfirmation() {
    source.atCommit(commit -> {
      commit.run();
      source.atCommit(FaultyDataSource.Call::run);
      throw new SQLException("the connection broke");
    });
  }
}
