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
 * much sooner that were set by the clock as it was. It was if both the database's and ours were:
 * timers are set by ours, but processes differ in it, and the database's alone sets none. Each
 * keeps its latest time until both are behind it, so one may be put back some time before the
 * other. Thread-safe.
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
   * Looks at the clocks; to be called every few seconds, since so much later a timer is after a
   * step.
   *
   * @param now by our own clock
   */
  public void look(Instant now) {
    back(now)
        .ifPresent(step ->
            LOG.atWarn()
                .addKeyValue("seconds", step.toSeconds())
                .log("the clock was put back: timers run out so much sooner"));
  }

  // One statement, so that a step is made up for once, by whoever sees it first. What runs out
  // before our clock's latest time was set since the step: nothing is overdue for a minute.
  private Optional<Duration> back(Instant now) {
    return jdbc.sql(
            """
            with was as (
              select one, seen_at, ours, clock_timestamp() as seen_now from clock for update),
            looked as (
              select *, ours - :now as back,
                seen_at - seen_now > make_interval(secs => :least)
                  and coalesce(ours - :now > make_interval(secs => :least), false) as stepped
              from was),
            kept_times as (
              update clock set
                seen_at = case when stepped then seen_now else greatest(clock.seen_at, seen_now) end,
                ours = case when stepped then :now else greatest(clock.ours, :now) end
              from looked where clock.one = looked.one),
            step as (
              select back, ours - make_interval(secs => :least) as since from looked
              where stepped),
            escalations as (
              update escalation set due_at = due_at - back from step where due_at > since),
            incidents as (
              update incident set
                auto_resolve_at = case when auto_resolve_at > since then auto_resolve_at - back
                  else auto_resolve_at end,
                calm_at = case when calm_at > since then calm_at - back else calm_at end,
                version = version + 1
              from step
              where state <> 'RESOLVED' and (auto_resolve_at > since or calm_at > since)),
            repairs as (
              update remediation set approve_by = approve_by - back,
                started_at = started_at - back, check_by = check_by - back
              from step
              where (state = 'AWAITING_APPROVAL' and approve_by > since)
                or (state in ('RUNNING', 'CHECKING') and check_by > since)),
            kept as (update signal_kept set due_at = due_at - back from step where due_at > since),
            drafts as (
              update postmortem_due set due_at = due_at - back from step where due_at > since)
            select extract(epoch from back)::bigint from step
            """)
        .param("now", utc(now))
        .param("least", LEAST.toSeconds())
        .query(Long.class)
        .optional()
        .map(Duration::ofSeconds);
  }
}
