package dev.watchtower.analysis.ranking;

import java.time.Instant;

/**
 * The time looked at: quiet from {@code quietFrom} until {@code suspectFrom}, perhaps in trouble
 * from there until {@code to}.
 *
 * @param opened when the incident showed first: trouble that was over before is another story
 */
public record Window(Instant quietFrom, Instant suspectFrom, Instant opened, Instant to) {
  public Window {
    if (!quietFrom.isBefore(suspectFrom) || opened.isBefore(suspectFrom) || to.isBefore(opened)) {
      throw new IllegalArgumentException("a window runs quietFrom < suspectFrom <= opened <= to");
    }
  }

  /** The window of trouble that began at {@code suspectFrom}: nothing in it can be over before. */
  public Window(Instant quietFrom, Instant suspectFrom, Instant to) {
    this(quietFrom, suspectFrom, suspectFrom, to);
  }
}
