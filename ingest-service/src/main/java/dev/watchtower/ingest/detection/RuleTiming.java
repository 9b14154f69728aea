package dev.watchtower.ingest.detection;

import java.time.Duration;

/**
 * The patience of a rule.
 *
 * @param holdFor how long a breach must last before it fires
 * @param keepFiringFor how long it must be over before it clears
 */
public record RuleTiming(Duration holdFor, Duration keepFiringFor) {
  public RuleTiming {
    if (holdFor.isNegative() || keepFiringFor.isNegative()) {
      throw new IllegalArgumentException("times of a rule must not be negative");
    }
  }
}
