package dev.watchtower.ingest.detection;

import java.time.Duration;

/**
 * The patience of a rule.
 *
 * @param holdFor how long a breach must last before it fires
 * @param keepFiringFor how long it must be over before it clears
 * @param longestGap a breach seen again only after more than that counts as a new one
 */
public record RuleTiming(Duration holdFor, Duration keepFiringFor, Duration longestGap) {
  /** Of live detection, which looks every few seconds. */
  public static final Duration LONGEST_GAP = Duration.ofMinutes(5);

  public RuleTiming {
    if (holdFor.isNegative() || keepFiringFor.isNegative()) {
      throw new IllegalArgumentException("times of a rule must not be negative");
    }
  }
}
