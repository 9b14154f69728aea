package dev.watchtower.monitor.probe;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a target: the damped state, and the run of results that may change it.
 *
 * @param since when the state began: for DOWN the first failed check, for UP the first good one
 * @param lastCheck when the newest result came; null before the first
 * @param latencyMillis of the newest good result
 * @param detail why it is not up, for people; empty when it is
 * @param failures failed checks in a row, newest included
 * @param successes good checks in a row, newest included
 * @param runStart when that run began
 * @param confirmed whether it has been seen up since this process started
 */
public record Observed(
    HealthState state,
    Instant since,
    @Nullable Instant lastCheck,
    @Nullable Long latencyMillis,
    String detail,
    int failures,
    int successes,
    Instant runStart,
    boolean confirmed) {
  /** A state older than this when the process starts again says nothing about the time between. */
  private static final Duration STILL_GOOD = Duration.ofMinutes(2);

  /** Nothing is known yet. */
  public static Observed unknown(Instant now) {
    return new Observed(HealthState.UNKNOWN, now, null, null, "not checked yet", 0, 0, now, false);
  }

  /** What an earlier process left behind. */
  public static Observed restored(
      HealthState state,
      Instant since,
      @Nullable Instant lastCheck,
      @Nullable Long latencyMillis,
      String detail) {
    return new Observed(state, since, lastCheck, latencyMillis, detail, 0, 0, since, false);
  }

  /**
   * The state after {@code result}.
   *
   * @param starting whether this process began so lately that something it has not seen up is not
   *     called down: it may be starting too
   */
  public Observed after(ProbeResult result, Instant now, Damping damping, boolean starting) {
    return switch (result) {
      case ProbeResult.Answered(long millis) -> afterSuccess(millis, now, damping);
      case ProbeResult.Failed(String reason) -> afterFailure(reason, now, damping, starting);
    };
  }

  private Observed afterSuccess(long millis, Instant now, Damping damping) {
    var start = successes == 0 ? now : runStart;
    int run = successes + 1;
    if (state == HealthState.DOWN && run < damping.upAfter()) {
      return new Observed(state, since, now, millis, detail, 0, run, start, confirmed);
    }
    boolean goesOn =
        state == HealthState.UP
            && (confirmed
                || (lastCheck != null
                    && Duration.between(lastCheck, now).compareTo(STILL_GOOD) < 0));
    return new Observed(
        HealthState.UP, goesOn ? since : start, now, millis, "", 0, run, start, true);
  }

  private Observed afterFailure(String reason, Instant now, Damping damping, boolean starting) {
    var start = failures == 0 ? now : runStart;
    int run = failures + 1;
    if (state == HealthState.DOWN) {
      return new Observed(state, since, now, null, reason, run, 0, start, confirmed);
    }
    if (!confirmed && starting) {
      var from = state == HealthState.UNKNOWN ? since : now;
      return new Observed(
          HealthState.UNKNOWN,
          from,
          now,
          null,
          "not answering yet: " + reason,
          run,
          0,
          start,
          false);
    }
    if (run >= damping.downAfter()) {
      return new Observed(HealthState.DOWN, start, now, null, reason, run, 0, start, confirmed);
    }
    return new Observed(state, since, now, latencyMillis, detail, run, 0, start, confirmed);
  }
}
