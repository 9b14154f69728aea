package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.RequestRefusedException;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import dev.watchtower.ingest.storage.jdbc.FaultyDataSource;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Deltas that come while one before them is stored more slowly than anybody waits. */
class UnfinishedDeltaIT {
  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final FaultyDataSource source = new FaultyDataSource(postgres.dataSource);
  private final long now = postgres.clock.millis();

  @Test
  void theTotalOfWhatCameLateIsNotLost() {
    postgres.writeLimit = Duration.ofMillis(200);
    var store = postgres.open(source.dataSource());
    var door = new OtlpDoor(store);
    var release = new CountDownLatch(1);
    source.atCommit(commit -> {
      if (Thread.currentThread().getName().equals("storage-writer")) {
        await(release);
      }
      commit.run();
    });
    try {
      assertThatThrownBy(() -> send(door, now, 100)).hasMessageContaining("takes too long");

      assertThatThrownBy(() -> send(door, now + 1000, 5))
          .isInstanceOfSatisfying(
              RequestRefusedException.class,
              e -> assertThat(e.reason()).isEqualTo(RequestRefusedException.Reason.BUSY));
    } finally {
      release.countDown();
    }

    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(StoreUnavailableException.class)
        .until(() -> send(door, now + 1000, 5).rejectedPoints() == 0);
    assertThat(values(store, "jobs_total", "")).containsExactly(100, 105);
    assertThat(values(store, "wait_count", "")).containsExactly(100, 105);
    assertThat(values(store, "wait_bucket", "2")).containsExactly(100, 105);
    store.close();
  }

  private static void await(CountDownLatch latch) throws SQLException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new SQLException(e);
    }
  }

  private double[] values(TimeSeriesStore store, String name, String le) {
    var reader = store.reader();
    var found =
        reader.select(
            List.of(Matcher.eq(Labels.METRIC_NAME, name), Matcher.eq("le", le)),
            Instant.ofEpochMilli(now - 1000),
            Instant.ofEpochMilli(now + 10_000),
            10);
    return reader.read(found.getFirst(), now - 1000, now + 10_000).values();
  }

  private static OtlpDoor.Result send(OtlpDoor door, long ts, int change) {
    var body =
        """
        {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
          {"name":"jobs","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[
            {"timeUnixNano":"%1$d000000","asInt":"%2$d"}]}},
          {"name":"wait","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[
            {"timeUnixNano":"%1$d000000","count":"%2$d","sum":9,"scale":0,
             "positive":{"offset":0,"bucketCounts":["%2$d"]}}]}}]}]}]}
        """
            .formatted(ts, change);
    return door.accept(body.getBytes(StandardCharsets.UTF_8), true, RequestMemory.unlimited());
  }
}
