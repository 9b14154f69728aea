package dev.watchtower.monitor.fallback;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides the next step of telling about an outage. A clock that is put back makes nobody wait:
 * what is further ahead than it can be counts as passed. Pure.
 */
public final class Handover {
  /** How long one attempt to hand a signal over may take. */
  public static final Duration LONGEST_ATTEMPT = Duration.ofSeconds(2);

  /** No attempt is begun that could still be under way at the deadline. */
  private static final Duration MARGIN = Duration.ofMillis(200);

  private static final Duration SHORTEST_ATTEMPT = Duration.ofMillis(200);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  /** More than there are before the deadline. */
  private static final long SHORT_PAUSES = Outage.DEADLINE.dividedBy(FIRST_PAUSE);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** How often it is looked whether planned work goes on. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

  /** What to do next. */
  public sealed interface Step {
    /** Hand the FIRING signal to incident-service, within the limit. */
    record DeliverFiring(Duration limit) implements Step {}

    /** Hand over the CLEARED signal. */
    record DeliverCleared(Duration limit) implements Step {}

    /** The deadline has passed: tell Discord. */
    record TellDiscord() implements Step {}

    /** It was over while planned work on it went on: nobody need be told. */
    record TellNobody() implements Step {}

    /** Nothing before the instant, unless the outage changes. */
    record WaitUntil(Instant at) implements Step {}

    /** It goes on, and everybody knows: nothing before it ends. */
    record WaitForRecovery() implements Step {}

    /** Everything is told. */
    record Done() implements Step {}
  }

  private Handover() {}

  /**
   * The next step.
   *
   * @param notBefore the pause after a failed attempt ends then
   * @param planned whether planned work on what is down goes on at {@code now}: Discord is not told
   *     before it ends
   */
  public static Step next(Outage outage, Instant notBefore, Instant now, boolean planned) {
    boolean undecided = outage.route() == Outage.Route.PENDING;
    if (undecided && !ahead(outage.deliverBy(), now, Outage.DEADLINE.multipliedBy(2))) {
      return planned ? whileWorkGoesOn(outage, notBefore, now) : new Step.TellDiscord();
    }
    if (!outage.firingDone()) {
      if (ahead(notBefore, now, LONGEST_PAUSE)) {
        return new Step.WaitUntil(
            undecided && outage.deliverBy().isBefore(notBefore) ? outage.deliverBy() : notBefore);
      }
      if (!undecided) {
        return new Step.DeliverFiring(LONGEST_ATTEMPT);
      }
      var room = Duration.between(now, outage.deliverBy()).minus(MARGIN);
      return room.compareTo(SHORTEST_ATTEMPT) < 0
          ? new Step.WaitUntil(outage.deliverBy())
          : new Step.DeliverFiring(room.compareTo(LONGEST_ATTEMPT) < 0 ? room : LONGEST_ATTEMPT);
    }
    if (undecided) {
      // Refused for good: nobody will be told by incident-service, so the deadline decides.
      return new Step.WaitUntil(outage.deliverBy());
    }
    if (outage.clearedAt() == null) {
      return new Step.WaitForRecovery();
    }
    if (outage.clearedDone()) {
      return new Step.Done();
    }
    return ahead(notBefore, now, LONGEST_PAUSE)
        ? new Step.WaitUntil(notBefore)
        : new Step.DeliverCleared(LONGEST_ATTEMPT);
  }

  private static boolean ahead(Instant at, Instant now, Duration most) {
    return now.isBefore(at) && !at.isAfter(now.plus(most));
  }

  // incident-service is still to know of it; but what it takes only now it leaves to us to tell.
  private static Step whileWorkGoesOn(Outage outage, Instant notBefore, Instant now) {
    if (outage.clearedAt() != null) {
      return new Step.TellNobody();
    }
    if (outage.firingDone()) {
      return new Step.WaitUntil(now.plus(LOOK_EVERY));
    }
    return ahead(notBefore, now, LONGEST_PAUSE)
        ? new Step.WaitUntil(notBefore)
        : new Step.DeliverFiring(LONGEST_ATTEMPT);
  }

  /**
   * How long to pause after {@code failures} failed attempts in a row; short before the deadline.
   */
  public static Duration pause(Outage outage, int failures) {
    if (outage.route() == Outage.Route.PENDING && failures < SHORT_PAUSES) {
      return FIRST_PAUSE;
    }
    var pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 8));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }
}
