package dev.watchtower.ingest.detection.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.ingest.IngestProcess;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service as a process of its own that learns three days, is killed, and is stopped. It takes a
 * minute and a half, so it runs with {@code -Dwatchtower.long=true} only; {@link KeptModelsTest}
 * and {@code JdbcSavedModelsIT} ask the same of the parts each time.
 */
@EnabledIfSystemProperty(named = "watchtower.long", matches = "true")
class ModelsRestartIT {
  private static final String CATALOG =
      """
      version: 1
      watchtower: {ingest: {anonymous: true}}
      golden-signals:
        cpu:
          - {convention: test, expression: 'load_now{service="$service",env="$env"}'}
      """;

  private static final ServiceKey SHOP = new ServiceKey("shop", "prod");
  private static final long QUARTER = 900_000;
  private static final int DAY = 96;
  private static final int PEAK = 3;
  private static final long STEP = 5_000;
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path dir;
  private final Random noise = new Random(3);
  private final Clock clock = realClock();
  private IngestProcess ingest;
  private long sent;

  @SystemEdge("the process runs on the real clock")
  private static Clock realClock() {
    return Clock.systemUTC();
  }

  @AfterEach
  void kill() throws InterruptedException {
    ingest.kill();
  }

  /** Samples three seconds apart, of which the last is at that time. */
  private void send(long at, int count, double value) throws Exception {
    StringJoiner samples = new StringJoiner(",");
    for (int i = count - 1; i >= 0; i--) {
      samples.add(
          "{\"service\":\"shop\",\"env\":\"prod\",\"name\":\"load_now\",\"ts\":%d,\"value\":%s}"
              .formatted(at - i * 3_000L, value));
    }
    sent = at;
    ingest.send(samples.toString());
  }

  private double usual() {
    return 20 + noise.nextDouble();
  }

  /** Of the golden signal, as it is judged at the newest sample. */
  private JsonNode judged() throws Exception {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(25))
        .untilAsserted(() -> assertThat(anomalies().path("at").asLong()).isEqualTo(sent));
    return anomalies().path("signals").path(0);
  }

  private JsonNode anomalies() throws Exception {
    return JSON.readTree(ingest.get("/api/v1/anomalies?service=shop")).path("items").path(0);
  }

  /** Three days with a peak each, a value every quarter of an hour, up to the current one. */
  private void learnThreeDays(long quarter) throws Exception {
    send((quarter - 3 * DAY) * QUARTER, 3, usual());
    for (int i = 3 * DAY - 1; i > 0; i--) {
      boolean peak = Math.floorMod(-i - 12, DAY) < PEAK;
      send((quarter - i) * QUARTER, 3, usual() + (peak ? 60 : 0));
      if (i == 3 * DAY - 1) {
        waitUntilLearnt();
      } else {
        judged();
      }
    }
  }

  /** It has a place in the queue of those that are learnt; what comes before that says nothing. */
  private void waitUntilLearnt() throws Exception {
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          send(sent + 6_000, 2, usual());
          return !anomalies().isMissingNode();
        });
  }

  private long savedStep() throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                ingest.db().url(), ingest.db().user(), ingest.db().password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select last_step from ingest.anomaly_model")) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private WatchedService saved() throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                ingest.db().url(), ingest.db().user(), ingest.db().password());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select state from ingest.anomaly_model")) {
      assertThat(rows.next()).isTrue();
      return ModelBytes.read(ModelBytes.unpack(rows.getBytes(1)), 2 * STEP);
    }
  }

  private static double surprise(WatchedService service, long at, double value) {
    return service
        .observe(
            new SignalSnapshot(SHOP, at, 2 * STEP, Map.of("cpu", value), Map.of()),
            List.of(),
            new Fleet())
        .orElseThrow()
        .signal("cpu")
        .orElseThrow()
        .surprise();
  }

  /** Starts it and sends as time goes on, until it is watched again: after a window, 10 s. */
  private JsonNode startAgain(String every) throws Exception {
    ingest.start("--watchtower.ingest.models-every=" + every);
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> {
          send(clock.millis(), 1, usual());
          return !anomalies().isMissingNode();
        });
    return anomalies();
  }

  @Test
  void rhythmIsKnownAfterAKillAndAfterAStop() throws Exception {
    long quarter = clock.millis() / QUARTER;
    ingest = new IngestProcess(dir, CATALOG);
    ingest.start("--watchtower.ingest.models-every=1s");
    learnThreeDays(quarter);
    assertThat(judged().path("ready").asBoolean()).isTrue();
    await().atMost(SOON).until(() -> savedStep() == sent / STEP * STEP);
    ingest.kill();

    // From storage alone it would know two hours of this, which are some dozen values: not enough.
    JsonNode killed = startAgain("1h");
    assertThat(killed.path("signals").path(0).path("ready").asBoolean()).isTrue();
    assertThat(killed.path("signals").path(0).path("since").isNull()).isTrue();
    long last = killed.path("at").asLong() / STEP * STEP;
    assertThat(savedStep()).isLessThan(last);
    ingest.stop();
    assertThat(savedStep()).as("at the end").isGreaterThanOrEqualTo(last);

    // What a start makes of these bytes knows the peak in three hours, and that there is none now.
    double atThePeak = surprise(saved(), (quarter + 12) * QUARTER, 80.5);
    assertThat(atThePeak).isLessThan(surprise(saved(), (quarter + 6) * QUARTER, 80.5));

    JsonNode stopped = startAgain("1h");
    assertThat(stopped.path("signals").path(0).path("ready").asBoolean()).isTrue();
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> {
          send(clock.millis(), 1, 300);
          return anomalies().path("signals").path(0).path("since").asLong() > last;
        });
  }
}
