package dev.watchtower.common.lifecycle;

import java.time.Duration;
import java.time.Instant;

/**
 * Decides when what is long over is removed: once a day, and after each start. One thread at a
 * time.
 */
public final class Retention {
  /**
   * How many are removed at once. Where there are more, the next look goes on, so that no removal
   * holds up what waits for the same thread or rows for long.
   */
  static final int BATCH = 500;

  private static final Duration EVERY = Duration.ofDays(1);

  private final Removal removal;
  private final Duration keep;
  private Instant next = Instant.MIN;

  /** Removes the oldest. */
  @FunctionalInterface
  public interface Removal {
    /** Removes at most {@code most} that were over before {@code before}; how many. */
    int remove(Instant before, int most);
  }

  /**
   * Keeps what is over for {@code keep}.
   *
   * @param setting what people set that by
   * @param keep a day at least
   * @throws IllegalArgumentException if it is less
   */
  public Retention(String setting, Removal removal, Duration keep) {
    if (keep.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException(setting + " has to be 1d or more, not " + keep);
    }
    this.removal = removal;
    this.keep = keep;
  }

  /** Removes some if it is time for that; how many. What it throws is tried again. */
  public int look(Instant now) {
    if (now.isBefore(next)) {
      return 0;
    }
    int removed = removal.remove(now.minus(keep), BATCH);
    next = removed < BATCH ? now.plus(EVERY) : now;
    return removed;
  }
}
