package dev.watchtower.chaos.run;

import java.time.Duration;

/**
 * The edge to whatever holds a fault at the target: a chaos agent, or the supervisor. Calls have a
 * time limit.
 */
public interface Holder {
  /** What came of a call. */
  sealed interface Outcome {
    /** The target has done it. */
    record Done() implements Outcome {}

    /** The lease was ended before its time by somebody else, and cannot be had again. */
    record Over() implements Outcome {}

    /** The target will not do it, now or ever; trying again is useless. */
    record Refused(String reason) implements Outcome {}

    /** The target did not answer; its state is unknown, and its lease ends by itself. */
    record NoAnswer(String reason) implements Outcome {}
  }

  /** Puts the fault in place, or renews it, for {@code ttl} from when the target hears of it. */
  Outcome hold(Run run, Duration ttl);

  /** Ends the fault now. */
  Outcome release(Run run);
}
