package dev.watchtower.analysis.model;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the model may be asked now: not while it fails, and not beyond the day's tokens. Safe for
 * several threads.
 */
public final class ModelGate {
  private static final int FAILURES = 3;
  private static final Duration PAUSE = Duration.ofSeconds(60);

  private final long tokensPerDay;
  private int failures;
  private @Nullable Instant closedUntil;
  private LocalDate day = LocalDate.EPOCH;
  private long spent;

  /**
   * @param tokensPerDay tokens that may be spent in a day (UTC); since a restart, it is not kept
   */
  public ModelGate(long tokensPerDay) {
    this.tokensPerDay = tokensPerDay;
  }

  /** Why the model must not be asked at {@code now}; empty when it may. */
  public synchronized Optional<String> refusal(Instant now) {
    turn(now);
    if (spent >= tokensPerDay) {
      return Optional.of("the model's tokens for today are used up (" + tokensPerDay + ")");
    }
    if (closedUntil != null && now.isBefore(closedUntil)) {
      return Optional.of(
          "the model failed "
              + FAILURES
              + " times in a row and is left alone for "
              + Math.max(1, Duration.between(now, closedUntil).toSeconds())
              + " s");
    }
    return Optional.empty();
  }

  /** The model answered. */
  public synchronized void answered(Instant now, long tokens) {
    turn(now);
    spent += Math.max(0, tokens);
    failures = 0;
    closedUntil = null;
  }

  /** It did not, or not usably. After a pause one failure is enough for the next. */
  public synchronized void failed(Instant now, long tokens) {
    turn(now);
    spent += Math.max(0, tokens);
    failures++;
    if (failures >= FAILURES) {
      closedUntil = now.plus(PAUSE);
    }
  }

  private void turn(Instant now) {
    var today = now.atZone(ZoneOffset.UTC).toLocalDate();
    if (!today.equals(day)) {
      day = today;
      spent = 0;
    }
  }
}
