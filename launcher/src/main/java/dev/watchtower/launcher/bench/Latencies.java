package dev.watchtower.launcher.bench;

import java.time.Duration;
import java.util.List;

/**
 * Measured durations.
 *
 * @param all in the order in which they were measured, at least one
 */
public record Latencies(List<Duration> all) {
  public Latencies {
    all = List.copyOf(all);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
  }

  /**
   * The smallest duration that {@code share} of all do not exceed (nearest rank; nothing is made up
   * between two measurements).
   *
   * @param share above 0 and at most 1
   */
  public Duration quantile(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("share is " + share + ", above 0 to 1 expected");
    }
    var sorted = all.stream().sorted().toList();
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }

  /** The longest. */
  public Duration max() {
    return quantile(1);
  }

  /** Milliseconds with one digit after the point. */
  public static String millis(Duration duration) {
    return "%.1f ms".formatted(duration.toNanos() / 1e6);
  }
}
