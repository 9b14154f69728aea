package dev.watchtower.incident.jdbc;

import static dev.watchtower.incident.jdbc.Columns.utc;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds out that the clock was put back, also while no process ran, and has all timers run out so
 * much sooner, for they were set by the clock as it was. It is the database's clock that is
 * watched: processes, whose clocks may differ, see the same step once. Thread-safe.
 */
public final class ClockSteps {
  private static final Logger LOG = LoggerFactory.getLogger(ClockSteps.class);

  // So much later a timer may be; NTP moves the clock by less without our noticing.
  private static final Duration LEAST = Duration.ofMinutes(1);

  private final JdbcClient jdbc;

  /** Watches the clock of the database behind {@code jdbc}. */
  public ClockSteps(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Looks at the clock; to be called every few seconds, since so much later a timer is after a
   * step.
   *
   * @param now by our own clock: where that was not put back with the database's, no timer is late
   */
  public void look(Instant now) {
    back(now)
        .ifPresent(step ->
            LOG.atWarn()
                .addKeyValue("seconds", step.toSeconds())
                .log("the clock was put back: timers run out so much sooner"));
  }

  // One statement, so that a step is made up for once, by whoever sees it first.
  private Optional<Duration> back(Instant now) {
    return jdbc.sql(
            """
            with seen as (
              update clock set seen_at = clock_timestamp()
              from (select one, seen_at as before from clock for update) was
              where clock.one = was.one returning was.before, clock.seen_at),
            step as (
              select before - seen_at as back from seen
              where before > greatest(seen_at, :now) + make_interval(secs => :least)),
            escalations as (
              update escalation set due_at = due_at - back from step where due_at is not null),
            incidents as (
              update incident set auto_resolve_at = auto_resolve_at - back,
                calm_at = calm_at - back, version = version + 1
              from step
              where state <> 'RESOLVED' and (auto_resolve_at is not null or calm_at is not null)),
            repairs as (
              update remediation set approve_by = approve_by - back,
                started_at = started_at - back, check_by = check_by - back
              from step where state in ('AWAITING_APPROVAL', 'RUNNING', 'CHECKING')),
            kept as (update signal_kept set due_at = due_at - back from step),
            drafts as (update postmortem_due set due_at = due_at - back from step)
            select extract(epoch from back)::bigint from step
            """)
        .param("now", utc(now))
        .param("least", LEAST.toSeconds())
        .query(Long.class)
        .optional()
        .map(Duration::ofSeconds);
  }
}
