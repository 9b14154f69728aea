package dev.watchtower.incident.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
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
              mitigated_at, auto_resolve_at, calm_at, severity_by, version, state_version, changes)
            select ?, 't', 's', 'prod', 'MITIGATED', 'SEV2', at, at, at + interval '15 minutes',
              at + interval '10 minutes', 'rule', 1, 1, 1
            from (select now() + interval '1 hour' as at)
            """)
        .param(INCIDENT)
        .update();
  }

  @BeforeEach
  void timed() {
    own.sql("delete from escalation").update();
    own.sql(
            """
            insert into escalation (incident_id, policy, state, step, round, due_at)
            values (?, 'p', 'WAITING', 0, 0, now() + interval '65 minutes')
            """)
        .param(INCIDENT)
        .update();
  }

  private static Instant now() {
    return own.sql("select clock_timestamp()").query(OffsetDateTime.class).single().toInstant();
  }

  private static void seenAhead(Duration step) {
    // The database's own clock cannot be moved here: it has been seen that much later.
    own.sql("update clock set seen_at = clock_timestamp() + make_interval(secs => ?)")
        .param(step.toSeconds())
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
    seenAhead(Duration.ofHours(1));

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
  void aStepOfSomeSecondsOrOfTheDatabaseAloneMovesNone() {
    seenAhead(Duration.ofSeconds(50));
    steps.look(now());
    seenAhead(Duration.ofHours(1));
    steps.look(now().plus(Duration.ofHours(1)));
    steps.look(now());

    isIn("due_at", "escalation", Duration.ofMinutes(65));
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
