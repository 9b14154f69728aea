package dev.watchtower.common.wire;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a rule fired or cleared.
 *
 * @param expression the expression or check that was evaluated
 * @param value its value at the instant of the signal, absent for no-data
 * @param threshold the limit it was compared with, where there is one
 * @param from start of the window the value was computed over, inclusive
 * @param to end of that window, inclusive
 * @param labels labels of the offending series, at most 64
 */
public record SignalEvidence(
    String expression,
    @Nullable Double value,
    @Nullable Double threshold,
    @Nullable Instant from,
    @Nullable Instant to,
    Map<String, String> labels) {
  public SignalEvidence {
    labels = labels == null ? Map.of() : Map.copyOf(labels);
  }
}
