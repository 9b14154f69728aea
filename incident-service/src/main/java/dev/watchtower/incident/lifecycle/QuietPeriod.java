package dev.watchtower.incident.lifecycle;

import java.time.Duration;

/**
 * How long a mitigated incident must stay quiet before {@code policy:auto-resolve} resolves it.
 *
 * @param enabled whether that policy is on at all
 */
public record QuietPeriod(boolean enabled, Duration length) {
  public QuietPeriod {
    if (length.isNegative()) {
      throw new IllegalArgumentException("the quiet period must not be negative: " + length);
    }
  }
}
