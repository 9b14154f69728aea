package dev.watchtower.monitor.uptime;

import java.util.OptionalDouble;

/**
 * Measured time by condition, in milliseconds; what was not measured is in none of them.
 *
 * @param up worked
 * @param degraded worked, but badly
 * @param down did not work, in whole or in part
 */
public record Shares(long up, long degraded, long down) {
  /** Nothing measured. */
  public static final Shares NONE = new Shares(0, 0, 0);

  public Shares {
    if (up < 0 || degraded < 0 || down < 0) {
      throw new IllegalArgumentException(
          "times cannot be negative: " + up + ", " + degraded + ", " + down);
    }
  }

  /** {@code millis} in one condition. */
  public static Shares of(Condition condition, long millis) {
    return switch (condition) {
      case UP -> new Shares(millis, 0, 0);
      case DEGRADED -> new Shares(0, millis, 0);
      case DOWN -> new Shares(0, 0, millis);
      case UNKNOWN -> NONE;
    };
  }

  /** Both together. */
  public Shares plus(Shares other) {
    return new Shares(up + other.up, degraded + other.degraded, down + other.down);
  }

  /** All measured time. */
  public long measured() {
    return up + degraded + down;
  }

  /**
   * (up + degraded) / (up + degraded + down), 0..1; empty when nothing was measured. The status
   * page prints this formula.
   */
  public OptionalDouble uptime() {
    return measured() == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of((double) (up + degraded) / measured());
  }
}
