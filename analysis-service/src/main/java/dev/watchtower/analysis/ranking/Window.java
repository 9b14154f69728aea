package dev.watchtower.analysis.ranking;

import java.time.Instant;

/**
 * The time looked at: quiet from {@code quietFrom} until {@code suspectFrom}, perhaps in trouble
 * from there until {@code to}.
 */
public record Window(Instant quietFrom, Instant suspectFrom, Instant to) {
  public Window {
    if (!quietFrom.isBefore(suspectFrom) || to.isBefore(suspectFrom)) {
      throw new IllegalArgumentException("a window runs quietFrom < suspectFrom <= to");
    }
  }
}
