package dev.watchtower.ingest.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.ingest.IngestProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process of its own, killed in the middle of a breach. */
class RestartIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String RULES =
      """
      version: 1
      watchtower: {ingest: {anonymous: true}}
      golden-signals:
        cpu:
          - {convention: test, expression: 'load_now{service="$service",env="$env"}'}
      services: [{name: nightly, environments: [prod]}]
      rules:
        - {name: silent, kind: no-data, after: 30s, services: [nightly], severity: SEV3}
        - {name: busy, kind: threshold, signal: cpu, above: 0.9, keep-firing-for: 10m, severity: SEV3}
        - {name: full, kind: threshold, expression: queue_depth > 100, for: 4m, severity: SEV3}
        - {name: late, kind: threshold, expression: queue_lag > 10, keep-firing-for: 4m, severity: SEV3}
      """;

  @TempDir Path dir;
  private final Clock clock = realClock();
  private IngestProcess ingest;

  @SystemEdge("the process runs on the real clock")
  private static Clock realClock() {
    return Clock.systemUTC();
  }

  @BeforeEach
  void start() throws IOException {
    ingest = new IngestProcess(dir, RULES);
    ingest.start();
  }

  @AfterEach
  void kill() throws InterruptedException {
    ingest.kill();
  }

  private void send(String metric, long ts, double value) throws Exception {
    send("shop", metric, ts, value);
  }

  private void send(String service, String metric, long ts, double value) throws Exception {
    ingest.send(
        "{\"service\":\"%s\",\"env\":\"prod\",\"name\":\"%s\",\"ts\":%d,\"value\":%s}"
            .formatted(service, metric, ts, value));
  }

  private Connection connection() throws SQLException {
    var db = ingest.db();
    return DriverManager.getConnection(db.url(), db.user(), db.password());
  }

  private List<String> rows(String sql) throws SQLException {
    try (var connection = connection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }

  private List<String> states() throws SQLException {
    return rows(
        "select rule || ' ' || what || ' ' || since from ingest.rule_state order by rule, what");
  }

  private List<String> told() throws SQLException {
    return rows(
        "select signal->>'rule' || ' ' || (signal->>'at')::timestamptz from ingest.firing"
            + " order by 1");
  }

  @Test
  void aBreachAndARecoveryGoOnAfterKillMinusNine() throws Exception {
    // Twenty seconds before it is due, eighty before a sample is too old to be looked at.
    long began = clock.millis() - 220_000;
    send("queue_lag", began - 20_000, 20);
    await().atMost(SOON).until(() -> told().size() == 1);
    send("queue_depth", began, 150);
    send("queue_lag", began, 5);
    // Else it were a long outage, after which a value that is missing says nothing for a while.
    send("alive", clock.millis(), 1);
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(states())
                .containsExactly("full PENDING " + began, "late CLEARING " + began));

    kill();
    // Damage to one row must not make the others begin anew.
    try (var connection = connection();
        var statement = connection.createStatement()) {
      statement.execute(
          "insert into ingest.rule_state values"
              + " ('x', 'PENDING', 'NONSENSE', 'SEV9', 'full', 'a', 'b', '[1]', 0, 0)");
      statement.execute(
          "insert into ingest.firing values ('y', gen_random_uuid(), '{\"at\": 7}', '{a}')");
    }
    ingest.start();

    await()
        .atMost(Duration.ofSeconds(90))
        .pollInterval(Duration.ofSeconds(1))
        .until(() -> {
          send("queue_depth", clock.millis(), 150);
          send("queue_lag", clock.millis(), 5);
          return rows("select 1 from ingest.firing where signal->>'rule' = 'full'").size() == 1
              && rows("select 1 from ingest.firing where signal->>'rule' = 'late'").isEmpty();
        });

    assertThat(clock.millis())
        .as("four minutes after it began, not after the start")
        .isBetween(began + 240_000, began + 340_000);
    assertThat(
            rows(
                "select extract(epoch from (signal->>'at')::timestamptz) * 1000 from ingest.firing"
                    + " where signal->>'rule' = 'full'"))
        .singleElement()
        .satisfies(at -> assertThat(Double.parseDouble(at)).isEqualTo(began));
    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(rows("select fingerprint from ingest.rule_state where fingerprint <> 'x'"))
                .isEmpty());
  }

  @Test
  void servicesAreKnownOfWhichNothingIsInMemoryAnyMore() throws Exception {
    ingest.stop();
    ingest.start("--watchtower.ingest.seal-age=1s");
    long before = clock.millis() - Duration.ofHours(2).toMillis();
    send("nightly", "backup_last_success", before, 1);
    send("renamed", "load_now", before, 1);
    long logged = Long.parseLong(rows("select max(position) from ingest.write_log").getFirst());
    await()
        .atMost(SOON)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> {
          send("alive", clock.millis(), 1);
          return told().size() == 1
              && !rows("select 1 from ingest.log_state where sealed_through >= " + logged)
                  .isEmpty();
        });
    assertThat(told()).singleElement().asString().startsWith("busy ");

    ingest.stop();
    assertThat(rows("delete from ingest.service_heard where service = 'renamed' returning service"))
        .as("of it nothing is left but what fires on it, as in a database of an older version")
        .hasSize(1);
    ingest.start();

    for (String service : List.of("nightly", "renamed")) {
      assertThat(ingest.get("/api/v1/signals?service=" + service))
          .contains("\"service\":\"" + service + "\"", "\"cpu\":null", "\"stale\":true");
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() ->
            rows("select signal->>'service' from ingest.firing where signal->>'rule' = 'silent'")
                .equals(List.of("nightly")));
  }

  @Test
  void rulesWaitForStorageWithoutFailing() throws Exception {
    kill();
    try (var connection = connection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table ingest.series in access exclusive mode");
      // Rules are known and decided by now, but what they read is not open.
      ingest.start();
      assertThat(ingest.get("/health/readiness")).contains("DOWN");
    }

    await().atMost(SOON).until(() -> !ingest.get("/health/readiness").contains("DOWN"));
    send("queue_lag", clock.millis(), 20);
    await().atMost(SOON).until(() -> told().size() == 1);
    assertThat(ingest.log()).contains("detection is ready").doesNotContain("detection failed");
  }
}
