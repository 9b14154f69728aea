package dev.watchtower.chaos.run;

import dev.watchtower.chaos.run.Holder.Outcome;
import dev.watchtower.common.catalog.Attack;
import dev.watchtower.common.wire.RunView.State;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides what happens to a run next, from what it is, what the target said and the time. A fault
 * is a lease at the target: it is renewed every {@link #RENEW} for {@link #TTL}, so that it is gone
 * {@code TTL} after the last renewal at the latest, whether or not anybody is left to end it.
 */
public final class RunPolicy {
  /** How often a lease is renewed. */
  public static final Duration RENEW = Duration.ofSeconds(1);

  /** How long the target holds a fault without a renewal. */
  public static final Duration TTL = Duration.ofSeconds(5);

  /** How long a target may stay silent at the start before the run counts as failed. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private RunPolicy() {}

  /** Whether to hold the fault on, or to let go of it. */
  public enum Step {
    HOLD,
    RELEASE,
    NOTHING
  }

  /** What to ask of the target at {@code now}. */
  public static Step next(Run run, Instant now) {
    return switch (run.state()) {
      case STARTING, RUNNING -> now.isBefore(run.endsAt()) ? Step.HOLD : Step.RELEASE;
      case STOPPING -> Step.RELEASE;
      case ENDED, FAILED -> Step.NOTHING;
    };
  }

  /** The run after the target answered a request to hold. */
  public static Run held(Run run, Outcome outcome, Instant now) {
    return switch (outcome) {
      case Outcome.Done() -> run.confirmed(now);
      case Outcome.Over() ->
          run.ending(
              now,
              run.kind().equals(Attack.CRASH)
                  ? run.service() + " was started again before the time was over"
                  : "the fault was ended at the target before the time was over");
      case Outcome.Refused(var reason) ->
          run.state() == State.STARTING
              ? run.failed(now, reason)
              : run.ending(now, "the target refuses: " + reason);
      case Outcome.NoAnswer(var reason) -> {
        var since = run.confirmed() == null ? run.startedAt() : run.confirmed();
        if (now.isBefore(since.plus(PATIENCE))) {
          yield run;
        }
        // A crashed target is silent by design of the attack; only its supervisor is asked, and
        // that one answers.
        yield run.confirmed() == null
            ? run.failed(now, "the target does not answer: " + reason)
            : run.ending(now, "the target does not answer any more: " + reason);
      }
    };
  }

  /** The run after the target answered a request to let go. */
  public static Run released(Run run, Outcome outcome, Instant now) {
    var ending = run.state() == State.STOPPING ? run : run.ending(now, "its time was over");
    var since = ending.releaseSince() == null ? now : ending.releaseSince();
    return switch (outcome) {
      case Outcome.Done(), Outcome.Over() ->
          ending.ended(now, "the target confirmed that the fault is gone");
      case Outcome.Refused(var reason) ->
          ending.ended(now, "the target knows of no such fault: " + reason);
      case Outcome.NoAnswer(var reason) ->
          now.isBefore(since.plus(TTL))
              ? ending
              : ending.ended(
                  now, "the target does not answer (" + reason + "); its lease has run out");
    };
  }
}
