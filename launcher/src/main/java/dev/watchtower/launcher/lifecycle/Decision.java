package dev.watchtower.launcher.lifecycle;

import java.util.List;
import java.util.Optional;

/**
 * What follows from an event.
 *
 * @param next the state afterwards; the one before when the event was refused
 * @param actions what to do to the operating system's process, in order
 * @param refusal why the event changed nothing, if it was refused
 */
public record Decision(ProcessState next, List<Action> actions, Optional<Refusal> refusal) {
  /** What the supervisor does to a process. */
  public enum Action {
    LAUNCH,
    /** Ask it to end (SIGTERM; the database: fast shutdown). */
    TERMINATE,
    /** End it without asking (SIGKILL). */
    KILL
  }

  /** Why an event is refused. */
  public enum Refusal {
    /** The process is not meant to run, so it cannot be crashed. */
    NOT_RUNNING,
    /** The lease is over; a new crash needs a new lease. */
    LEASE_ENDED,
    /** As many leases as are allowed hold the process down already. */
    TOO_MANY_LEASES
  }

  public Decision {
    actions = List.copyOf(actions);
  }

  static Decision of(ProcessState next, Action... actions) {
    return new Decision(next, List.of(actions), Optional.empty());
  }

  static Decision refused(ProcessState unchanged, Refusal why) {
    return new Decision(unchanged, List.of(), Optional.of(why));
  }
}
