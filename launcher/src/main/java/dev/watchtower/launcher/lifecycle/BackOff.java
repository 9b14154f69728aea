package dev.watchtower.launcher.lifecycle;

import java.time.Duration;

/** The pause before a process that died is started again: 1, 2, 4, 8, 16, then 30 seconds. */
public final class BackOff {
  private static final int LONGEST_SECONDS = 30;

  private BackOff() {}

  /**
   * The pause after the process died {@code failures} times in a row.
   *
   * @param failures at least 1
   */
  public static Duration after(int failures) {
    if (failures < 1) {
      throw new IllegalArgumentException("failures is " + failures + ", at least 1 expected");
    }
    return failures > 5
        ? Duration.ofSeconds(LONGEST_SECONDS)
        : Duration.ofSeconds(1L << (failures - 1));
  }
}
