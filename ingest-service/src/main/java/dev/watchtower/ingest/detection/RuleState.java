package dev.watchtower.ingest.detection;

import org.jspecify.annotations.Nullable;

/**
 * Where a rule stands with one subject (a service, or a series). All times are event time in
 * milliseconds since the epoch.
 */
public sealed interface RuleState {
  /** No breach. */
  record Quiet() implements RuleState {}

  /**
   * A breach that has not lasted long enough.
   *
   * @param since when it was first seen
   * @param last when it was last seen
   */
  record Pending(long since, long last) implements RuleState {}

  /**
   * Told, and not over.
   *
   * @param since when the breach was first seen, as its signal says
   * @param fineSince since when the condition does not hold; null while it does
   */
  record Firing(long since, @Nullable Long fineSince) implements RuleState {}

  /** The same, with no time later than now. */
  default RuleState until(long now) {
    return switch (this) {
      case Quiet quiet -> quiet;
      case Pending(long since, long last) -> new Pending(Math.min(since, now), Math.min(last, now));
      case Firing(long since, Long fineSince) ->
          new Firing(Math.min(since, now), fineSince == null ? null : Math.min(fineSince, now));
    };
  }

  /** What a decision means for others. */
  enum Change {
    NONE,
    FIRED,
    CLEARED
  }

  /**
   * The state after an observation, and what it means.
   *
   * @param since for a change: since when the condition holds, or no longer holds
   */
  record Decision(RuleState next, Change change, long since) {
    static Decision keep(RuleState state) {
      return new Decision(state, Change.NONE, 0);
    }
  }

  /** No breach was ever seen. */
  RuleState QUIET = new Quiet();

  /**
   * Decides on an observation. Pure: the same calls give the same answers.
   *
   * @param at event time of the observation, not before the one before
   */
  static Decision decide(RuleTiming timing, RuleState state, Observation seen, long at) {
    if (seen == Observation.UNKNOWN) {
      return Decision.keep(state);
    }
    boolean breach = seen == Observation.BREACH;
    return switch (state) {
      case Quiet quiet -> breach ? breached(timing, at, at) : Decision.keep(quiet);
      case Pending pending when !breach -> Decision.keep(QUIET);
      case Pending pending -> {
        boolean interrupted = at - pending.last() > timing.longestGap().toMillis();
        yield breached(timing, interrupted ? at : pending.since(), at);
      }
      case Firing firing when breach -> Decision.keep(new Firing(firing.since(), null));
      case Firing firing -> {
        long fineSince = firing.fineSince() == null ? at : firing.fineSince();
        yield at - fineSince >= timing.keepFiringFor().toMillis()
            ? new Decision(QUIET, Change.CLEARED, fineSince)
            : Decision.keep(new Firing(firing.since(), fineSince));
      }
    };
  }

  private static Decision breached(RuleTiming timing, long since, long at) {
    return at - since >= timing.holdFor().toMillis()
        ? new Decision(new Firing(since, null), Change.FIRED, since)
        : Decision.keep(new Pending(since, at));
  }
}
