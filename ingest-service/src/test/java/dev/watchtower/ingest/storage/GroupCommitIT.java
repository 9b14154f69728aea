package dev.watchtower.ingest.storage;

import static dev.watchtower.ingest.storage.UnconfirmedIT.storedOnceItCanBe;
import static dev.watchtower.ingest.storage.UnconfirmedIT.values;
import static dev.watchtower.ingest.storage.UnconfirmedIT.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.jdbc.FaultyDataSource;
import dev.watchtower.ingest.storage.jdbc.PgChunkArchive;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import dev.watchtower.ingest.storage.jdbc.PgRequestLog;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class GroupCommitIT {
  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final FaultyDataSource source = new FaultyDataSource(postgres.dataSource);

  @Test
  void whatWaitsBehindAStepThatFailsIsRefusedThoughNothingElseComes() throws Exception {
    var settings = postgres.settings;
    var fence = new PgFence();
    var log = new PgRequestLog(source.dataSource(), fence);
    var archive = new PgChunkArchive(source.dataSource(), fence);
    var state = log.open();
    var index = new HeadIndex();
    var table = new SeriesTable(index, settings, settings::limits, postgres.clock, () -> {});
    var heads = new HeadWriter(index, settings, postgres.clock);
    var applying = new CountDownLatch(1);
    var failing = new CountDownLatch(1);
    var commits = new AtomicInteger();
    source.atCommit(commit -> {
      commit.run();
      commits.incrementAndGet();
    });
    try (var sealing =
            new Sealing(archive, log, index, settings, postgres.clock, new IngestCounters(), 0);
        var writer = Executors.newSingleThreadExecutor()) {
      var commit =
          new GroupCommit(
              log,
              heads,
              sealing,
              state,
              settings,
              _ -> {
                applying.countDown();
                awaitWhateverComes(failing);
                throw new OutOfMemoryError("while it was applied");
              });
      var run =
          writer.submit(() -> {
            commit.run();
            return null;
          });
      try {
        submit(commit, table, 1);
        assertThat(applying.await(10, TimeUnit.SECONDS)).isTrue();
        var second = submit(commit, table, 2);
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> commits.get() == 2);
        failing.countDown();

        assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS))
            .hasCauseInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> run.get(10, TimeUnit.SECONDS))
            .hasRootCauseInstanceOf(OutOfMemoryError.class);
      } finally {
        writer.shutdownNow();
      }
    }
  }

  private static CompletableFuture<WriteResult> submit(
      GroupCommit commit, SeriesTable table, double value) {
    var batch = new SampleBatch();
    var admission = table.admit(Labels.of(Labels.METRIC_NAME, "x"));
    batch.add(((SeriesTable.Admission.Admitted) admission).head(), (long) value * 1000, value);
    return commit.submit(batch, BodyCodec.REMOTE_WRITE_1, new byte[1]);
  }

  private static void awaitWhateverComes(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What was sent may reach PostgreSQL after it was taken out, over a connection long given up. */
  @Test
  void whatArrivesAfterTheCleanUpDrivesNothingOut() throws SQLException {
    var now = postgres.clock.millis();
    var store = postgres.open(source.dataSource());
    write(store, "x", now, 1);
    var failed = new AtomicBoolean();
    source.atCommit(commit -> {
      if (!failed.getAndSet(true)) {
        throw new SQLException("gone");
      }
      commit.run();
    });
    assertThatThrownBy(() -> write(store, "x", now + 1000, 2))
        .isInstanceOf(StoreUnavailableException.class);
    store.sealSoon();
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.sealedSamples() > 0);
    assertThat(storedOnceItCanBe(store, "x", now + 2000, 3)).isEqualTo(1);

    try (var connection = postgres.dataSource.getConnection();
        var statement = connection.createStatement()) {
      assertThatThrownBy(() ->
              statement.executeUpdate(
                  "insert into write_log_0 (position, part, segment, format, samples, body)"
                      + " values (2, 0, 0, 1, 1, '\\x00')"))
          .hasMessageContaining("duplicate key");
    }

    assertThat(values(postgres.open(), "x", now)).containsExactly(1, 3);
    store.close();
  }
}
