package dev.watchtower.analysis.ranking;

import java.time.Instant;

/**
 * The time looked at: quiet from {@code quietFrom} until {@code quietTo}, perhaps in trouble from
 * {@code suspectFrom} until {@code to}.
 *
 * @param quietTo where what is usual ends; before {@code suspectFrom} where trouble of another time
 *     lies in between, which is neither
 * @param opened when the incident showed first: trouble that was over before is another story
 */
public record Window(
    Instant quietFrom, Instant quietTo, Instant suspectFrom, Instant opened, Instant to) {
  public Window {
    if (!quietFrom.isBefore(quietTo)
        || suspectFrom.isBefore(quietTo)
        || opened.isBefore(suspectFrom)
        || to.isBefore(opened)) {
      throw new IllegalArgumentException(
          "a window runs quietFrom < quietTo <= suspectFrom <= opened <= to");
    }
  }

  /** With nothing between what is usual and what is suspect. */
  public Window(Instant quietFrom, Instant suspectFrom, Instant opened, Instant to) {
    this(quietFrom, suspectFrom, suspectFrom, opened, to);
  }

  /** The window of trouble that began at {@code suspectFrom}: nothing in it can be over before. */
  public Window(Instant quietFrom, Instant suspectFrom, Instant to) {
    this(quietFrom, suspectFrom, suspectFrom, to);
  }
}
