package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.lifecycle.Incident.Marks;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a command does to an incident. Pure but for the machine it asks; thread-safe when
 * that is.
 */
public final class Lifecycle {
  private final TransitionMachine machine;
  private final Supplier<QuietPeriod> quiet;

  /**
   * A lifecycle.
   *
   * @param quiet asked anew for each decision, so that an edited catalog counts at once
   */
  public Lifecycle(TransitionMachine machine, Supplier<QuietPeriod> quiet) {
    this.machine = machine;
    this.quiet = quiet;
  }

  /** What {@code command} does to {@code incident}. */
  public Decision decide(Incident incident, Command command) {
    if (incident.isResolved()) {
      return new Decision.Resolved(incident);
    }
    var seen = command.version();
    if (seen != null && (seen < incident.stateVersion() || seen > incident.version())) {
      return new Decision.Stale(incident);
    }
    var event = command.event();
    if (TransitionTable.isSystemOnly(event) && command.actor().type() != Actor.Type.POLICY) {
      return new Decision.Illegal(incident, event);
    }
    var to = machine.next(incident.state(), event);
    if (to.isEmpty()) {
      return new Decision.Illegal(incident, event);
    }
    if (event == IncidentEvent.DISMISS && command.comment().isEmpty()) {
      return new Decision.CommentMissing(incident, event);
    }
    var after = incident.moved(to.get(), marksAfter(incident, command, to.get()));
    return new Decision.Moved(incident, timed(after, command.at()));
  }

  /**
   * {@code incident} with its auto-resolve timer as it must be: running while the incident is
   * mitigated and no signal fires, from the instant that began; else stopped.
   */
  public Incident timed(Incident incident, Instant now) {
    var period = quiet.get();
    boolean runs =
        period.enabled()
            && incident.state() == IncidentState.MITIGATED
            && !incident.isFiring()
            && !incident.isFlapping();
    if (!runs) {
      return incident.autoResolveAt() == null ? incident : incident.autoResolvingAt(null);
    }
    return incident.autoResolveAt() != null
        ? incident
        : incident.autoResolvingAt(now.plus(period.length()));
  }

  private static Marks marksAfter(Incident incident, Command command, IncidentState to) {
    var marks = incident.marks();
    // A clock that was set back must not make an incident end before it began.
    var at = command.at().isBefore(marks.latest()) ? marks.latest() : command.at();
    boolean taken =
        command.event() == IncidentEvent.ACKNOWLEDGE
            || command.event() == IncidentEvent.INVESTIGATE;
    return new Marks(
        marks.began(),
        marks.opened(),
        taken ? first(marks.acknowledged(), at) : marks.acknowledged(),
        switch (to) {
          case MITIGATED -> at;
          case RESOLVED -> marks.mitigated();
          default -> null;
        },
        to == IncidentState.RESOLVED ? at : null);
  }

  private static Instant first(@Nullable Instant earlier, Instant at) {
    return earlier == null ? at : earlier;
  }
}
