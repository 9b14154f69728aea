package dev.watchtower.ingest.storage;

import static dev.watchtower.ingest.storage.StorageIT.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.jdbc.FaultyDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
  void thereAreNoSeriesInNoTime() {
    var postgres = new StorageOnPostgres();
    var store = postgres.open();
    var now = postgres.clock.instant();
    StorageIT.write(store, "up", now.toEpochMilli(), 1);

    assertThat(store.reader().select(List.of(), now, now, 10)).hasSize(1);
    assertThat(store.reader().select(List.of(), now, now.minusMillis(1), 10)).isEmpty();
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

  @Test
  void norWhileEveryCommitFails() {
    var store = opened();
    source.atCommit(_ -> {
      throw new SQLException("could not extend file: No space left on device", "53100");
    });
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          assertThatThrownBy(() -> write(store, "x", now + 1_000, 2))
              .isInstanceOf(StoreUnavailableException.class);
          return !store.isTaking();
        });
    assertThat(store.isReady()).isTrue();
    assertThat(store.lastError()).get().asString().contains("disk").doesNotContain("device");

    source.atCommit(FaultyDataSource.Call::run);
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> write(store, "x", now + 1_000, 2).stored() == 1);
    assertThat(store.isTaking()).isTrue();
    assertThat(store.lastError()).isEmpty();
    store.close();
  }

  /** It is answered that it is not acknowledged, but it is stored, and so it counts. */
  @Test
  void countsWhatIsStoredAfterNobodyWaits() {
    postgres.writeLimit = Duration.ofMillis(500);
    var store = opened();
    var release = new CountDownLatch(1);
    source.atCommit(commit -> {
      try {
        release.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      commit.run();
    });

    assertThatThrownBy(() -> write(store, "x", now + 1_000, 2))
        .isInstanceOf(UnfinishedWriteException.class)
        .hasMessageContaining("may still succeed");
    assertThat(store.counters().refused(Refusal.UNAVAILABLE)).isZero();
    release.countDown();

    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.counters().stored() == 2);
    assertThat(store.counters().received()).isEqualTo(2);
    assertThat(store.counters().refused(Refusal.UNAVAILABLE)).isZero();
    store.close();
  }
}
