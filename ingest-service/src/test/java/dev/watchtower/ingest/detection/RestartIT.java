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
      rules:
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
    ingest.send(
        "{\"service\":\"shop\",\"env\":\"prod\",\"name\":\"%s\",\"ts\":%d,\"value\":%s}"
            .formatted(metric, ts, value));
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
