package dev.watchtower.incident.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.incident.RunningService;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * What is timed while the clock is an hour ahead, and what becomes of it when that is put right.
 */
class ClockStepsIT extends RunningService {
  private static final PostgresSupport.Db OWN = PostgresSupport.database();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final UUID INCIDENT = UUID.randomUUID();

  private static JdbcClient own;

  private final ClockSteps steps = new ClockSteps(own);

  @BeforeAll
  static void schema() {
    var source = new DriverManagerDataSource(OWN.url(), OWN.user(), OWN.password());
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/migration", "classpath:db/outbox")
        .load()
        .migrate();
    own = JdbcClient.create(source);
    own.sql(
            """
            insert into incident (id, title, service, env, state, severity, opened_at,
              mitigated_at, severity_by, version, state_version, changes)
            values (?, 't', 's', 'prod', 'MITIGATED', 'SEV2', now(), now(), 'rule', 1, 1, 1)
            """)
        .param(INCIDENT)
        .update();
  }

  @BeforeEach
  void timed() {
    for (var table : List.of("escalation", "remediation", "signal_kept", "postmortem_due")) {
      own.sql("delete from " + table).update();
    }
    own.sql(
            """
            update incident set auto_resolve_at = now() + interval '75 minutes',
              calm_at = now() + interval '70 minutes'
            """)
        .update();
    escalates(Duration.ofMinutes(65));
  }

  private static void escalates(Duration in) {
    own.sql("delete from escalation").update();
    own.sql(
            """
            insert into escalation (incident_id, policy, state, step, round, due_at)
            values (?, 'p', 'WAITING', 0, 0, now() + make_interval(secs => ?))
            """)
        .params(INCIDENT, in.toSeconds())
        .update();
  }

  private static Instant now() {
    return own.sql("select clock_timestamp()").query(OffsetDateTime.class).single().toInstant();
  }

  // The database's own clock cannot be moved here: it has been seen that much later.
  private static void seenAhead(Duration database, Duration ours) {
    own.sql(
            """
            update clock set seen_at = clock_timestamp() + make_interval(secs => ?),
              ours = clock_timestamp() + make_interval(secs => ?)
            """)
        .params(database.toSeconds(), ours.toSeconds())
        .update();
  }

  private static void isIn(String column, String table, Duration wait) {
    var at = own.sql("select " + column + " from " + table).query(OffsetDateTime.class).single();
    assertThat(at.toInstant())
        .as(column)
        .isCloseTo(now().plus(wait), within(20, ChronoUnit.SECONDS));
  }

  @Test
  void allTimersRunOutSoMuchSoonerOnce() {
    own.sql(
            """
            insert into remediation (id, incident_id, playbook, action, service, fingerprint,
              trigger, state, planned_at, started_at, check_by, env, target)
            select gen_random_uuid(), ?, 'p', 'restart', 's', 'f', 't', 'CHECKING', at, at,
              at + interval '2 minutes', 'prod', 't'
            from (select now() + interval '1 hour' as at)
            """)
        .param(INCIDENT)
        .update();
    own.sql("insert into signal_kept values ('f', '{}', now() + interval '62 minutes')").update();
    own.sql("insert into postmortem_due values (?, now() + interval '61 minutes')")
        .param(INCIDENT)
        .update();
    seenAhead(HOUR, HOUR);

    steps.look(now());
    steps.look(now());

    isIn("due_at", "escalation", Duration.ofMinutes(5));
    isIn("auto_resolve_at", "incident", Duration.ofMinutes(15));
    isIn("calm_at", "incident", Duration.ofMinutes(10));
    isIn("started_at", "remediation", Duration.ZERO);
    isIn("check_by", "remediation", Duration.ofMinutes(2));
    isIn("due_at", "signal_kept", Duration.ofMinutes(2));
    isIn("due_at", "postmortem_due", Duration.ofMinutes(1));
  }

  @Test
  void aStepOfSomeSecondsMovesNone() {
    seenAhead(Duration.ofSeconds(50), Duration.ofSeconds(50));
    steps.look(now());

    isIn("due_at", "escalation", Duration.ofMinutes(65));
  }

  @Test
  void whereOnlyTheDatabasesClockWasAheadNoneMoves() {
    escalates(Duration.ofMinutes(5));
    seenAhead(HOUR, Duration.ZERO);
    steps.look(now());
    steps.look(now());

    isIn("due_at", "escalation", Duration.ofMinutes(5));
  }

  @Test
  void theDatabasesClockMayBePutBackBeforeOurs() {
    seenAhead(HOUR, HOUR);
    steps.look(now().plus(HOUR));
    isIn("due_at", "escalation", Duration.ofMinutes(65));

    steps.look(now());
    steps.look(now());

    isIn("due_at", "escalation", Duration.ofMinutes(5));
  }

  @Test
  void oursMayBePutBackBeforeTheDatabases() {
    seenAhead(Duration.ZERO, HOUR);
    steps.look(now());
    isIn("due_at", "escalation", Duration.ofMinutes(65));

    own.sql("update clock set seen_at = clock_timestamp() + interval '1 hour'").update();
    steps.look(now());
    steps.look(now());

    isIn("due_at", "escalation", Duration.ofMinutes(5));
  }

  @Test
  void aTimerThatWasSetAfterTheStepStays() {
    escalates(Duration.ofMinutes(5));
    own.sql("update incident set calm_at = now() + interval '10 minutes'").update();
    seenAhead(HOUR, HOUR);
    steps.look(now());

    isIn("due_at", "escalation", Duration.ofMinutes(5));
    isIn("calm_at", "incident", Duration.ofMinutes(10));
    isIn("auto_resolve_at", "incident", Duration.ofMinutes(15));
  }

  @Test
  void whatOneHasSeenNobodyElseSeesWhoLooksAtTheSameTime() throws SQLException {
    seenAhead(HOUR, HOUR);
    try (var other = DriverManager.getConnection(OWN.url(), OWN.user(), OWN.password());
        var seen = other.createStatement()) {
      other.setAutoCommit(false);
      seen.executeUpdate("update clock set seen_at = clock_timestamp(), ours = clock_timestamp()");
      var look = CompletableFuture.runAsync(() -> steps.look(now()));
      await()
          .until(() ->
              own.sql(
                      """
                      select count(*) = 1 from pg_stat_activity
                      where datname = current_database() and wait_event_type = 'Lock'
                      """)
                  .query(Boolean.class)
                  .single());
      other.commit();
      look.join();
    }

    isIn("due_at", "escalation", Duration.ofMinutes(65));
    assertThat(
            own.sql("select greatest(seen_at, ours) <= clock_timestamp() from clock")
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void theServiceLooks() {
    jdbc.sql("update clock set seen_at = '2026-01-01'").update();

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            jdbc.sql("select seen_at > now() - interval '1 minute' from clock")
                .query(Boolean.class)
                .single());
  }
}
