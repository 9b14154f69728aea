package dev.watchtower.ingest.detection.anomaly;

/**
 * What a detector makes of one value.
 *
 * @param score 0 to 1; from {@link #ALARM} on it is an alarm. Lowered for a while after an alarm
 * @param surprise how unlikely the value and its neighbourhood are, before any rest: about the
 *     negative decimal logarithm of a tail probability
 * @param expected the value that was expected
 * @param scale the usual distance from what is expected, in the metric's unit
 */
public record Reading(double score, double surprise, double expected, double scale) {
  /** The score of an alarm. */
  public static final double ALARM = 0.5;

  /** Whether it is an alarm. */
  public boolean alarm() {
    return score >= ALARM;
  }
}
