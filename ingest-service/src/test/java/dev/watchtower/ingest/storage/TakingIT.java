package dev.watchtower.ingest.storage;

import static dev.watchtower.ingest.storage.StorageIT.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.jdbc.FaultyDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Whether storage takes what comes. */
class TakingIT {
  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final FaultyDataSource source = new FaultyDataSource(postgres.dataSource);
  private final long now = postgres.clock.millis();

  private TimeSeriesStore opened() {
    var store = postgres.open(source.dataSource());
    write(store, "x", now, 1);
    assertThat(store.isTaking()).isTrue();
    return store;
  }

  @Test
  void notWhileACommitHangs() throws Exception {
    var store = opened();
    var reached = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    source.atCommit(commit -> {
      reached.countDown();
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      commit.run();
    });
    try (var sender = Executors.newSingleThreadExecutor()) {
      var sent = sender.submit(() -> write(store, "x", now + 1_000, 2));
      reached.await();
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !store.isTaking());
      release.countDown();
      sent.get();
    }

    assertThat(store.isTaking()).isTrue();
    store.close();
  }

  @Test
  void norWhileItIsOpenedAnew() {
    var store = opened();
    source.atCommit(_ -> {
      source.atOpening(_ -> {
        throw new SQLException("the database system is starting up", "57P03");
      });
      throw new SQLException("a page cannot be read", "XX001");
    });
    assertThatThrownBy(() -> write(store, "x", now + 1_000, 2))
        .isInstanceOf(StoreUnavailableException.class);

    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !store.isTaking());
    store.close();
  }
}
