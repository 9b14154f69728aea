package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL is killed (signal 9) under load, and comes back. */
class PostgresKilledIT {
  @TempDir Path dataDir;

  @Test
  void refusesWhileItIsGoneAndLosesNothingAcknowledged()
      throws IOException, InterruptedException, ExecutionException {
    var server = start(0);
    var port = server.getPort();
    var postgres =
        new StorageOnPostgres(
            new PostgresSupport.Db(
                server.getJdbcUrl("postgres", "postgres"), "postgres", "postgres"));
    var store = postgres.open();
    var now = postgres.clock.millis();
    var acknowledged = new AtomicInteger();
    var refused = new AtomicInteger();
    var done = new AtomicBoolean();
    var senders = Executors.newFixedThreadPool(3);
    try {
      var running = new ArrayList<Future<?>>();
      for (var sender = 0; sender < 3; sender++) {
        var name = "killed_" + sender;
        running.add(
            senders.submit(() -> {
              for (var i = 0; !done.get(); i++) {
                try {
                  StorageIT.write(store, name, now + i, i);
                  acknowledged.incrementAndGet();
                } catch (StoreUnavailableException e) {
                  refused.incrementAndGet();
                  Thread.onSpinWait();
                }
              }
            }));
      }
      Awaitility.await().until(() -> acknowledged.get() > 200);
      kill();
      Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> refused.get() > 0);
      var atKill = acknowledged.get();
      release(server);
      try (var again = startAgain(port)) {
        assertThat(again.getPort()).isEqualTo(port);
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> acknowledged.get() > atKill + 200);
        done.set(true);
        for (var each : running) {
          each.get();
        }
        assertThat(count(store, now)).isEqualTo(acknowledged.get());
        // Those of a commit whose confirmation was lost are not there either: they were refused.
        assertThat(count(postgres.open(), now)).isEqualTo(acknowledged.get());
        store.close();
      }
    } finally {
      done.set(true);
      senders.shutdownNow();
    }
  }

  private static int count(TimeSeriesStore store, long now) {
    var reader = store.reader();
    return reader
        .select(List.of(), Instant.ofEpochMilli(now), Instant.ofEpochMilli(now + 100_000_000), 10)
        .stream()
        .mapToInt(series -> reader.read(series, now, now + 100_000_000).size())
        .sum();
  }

  private EmbeddedPostgres start(int port) throws IOException {
    var builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(dataDir.resolve("data"))
            .setCleanDataDirectory(false)
            .setServerConfig("fsync", "on");
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  /** Lets go of the lock on the data directory; there is nothing left to stop. */
  private static void release(EmbeddedPostgres killed) {
    try {
      killed.close();
    } catch (IOException | IllegalStateException e) {
      assertThat(e).isNotNull();
    }
  }

  /** The killed server's children may hold its memory for a moment longer. */
  private EmbeddedPostgres startAgain(int port) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> start(port), java.util.Objects::nonNull);
  }

  /** Kills the server that this test started, by the number that it wrote down. */
  private void kill() throws IOException {
    var pid = Files.readAllLines(dataDir.resolve("data").resolve("postmaster.pid")).getFirst();
    var server = ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
    assertThat(server.destroyForcibly()).isTrue();
    Awaitility.await().until(() -> !server.isAlive());
  }
}
