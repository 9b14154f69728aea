package dev.watchtower.analysis.ranking;

import java.time.Instant;
import java.util.Optional;

/**
 * One metric of one service over time.
 *
 * @param millis times in milliseconds since the epoch, ascending
 * @param values one for each time; NaN where there is none
 * @param unit whether the values are in the units of golden signals (ratios, seconds, requests per
 *     second), so that absolute noise floors apply, or in an unknown unit
 */
@SuppressWarnings("ArrayRecordComponent") // read-only by convention; copying thousands buys nothing
public record Series(String service, String metric, long[] millis, double[] values, Unit unit) {
  /** What is known of the unit. */
  public enum Unit {
    GOLDEN,
    UNKNOWN
  }

  public Series {
    if (millis.length != values.length) {
      throw new IllegalArgumentException("as many times as values, please");
    }
  }

  /** The time of its first value; empty if it has none. */
  public Optional<Instant> begins() {
    for (int i = 0; i < values.length; i++) {
      if (Double.isFinite(values[i])) {
        return Optional.of(Instant.ofEpochMilli(millis[i]));
      }
    }
    return Optional.empty();
  }

  /** The time of its last value; empty if it has none. */
  public Optional<Instant> ends() {
    for (int i = values.length - 1; i >= 0; i--) {
      if (Double.isFinite(values[i])) {
        return Optional.of(Instant.ofEpochMilli(millis[i]));
      }
    }
    return Optional.empty();
  }

  /** The type that the metric's name suggests. */
  public SignalType type() {
    return SignalType.of(metric);
  }
}
