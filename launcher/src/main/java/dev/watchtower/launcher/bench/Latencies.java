package dev.watchtower.launcher.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Measured durations, at least one; sixteen bytes each. */
public final class Latencies {
  private final long[] measured;
  private final long[] sorted;

  /** Of nanoseconds, in the order in which they were measured. */
  public Latencies(LongStream nanos) {
    measured = nanos.toArray();
    if (measured.length == 0) {
      throw new IllegalArgumentException("nothing was measured");
    }
    sorted = measured.clone();
    Arrays.sort(sorted);
  }

  /** Of durations, in the order in which they were measured. */
  public Latencies(List<Duration> all) {
    this(all.stream().mapToLong(Duration::toNanos));
  }

  /** How many were measured. */
  public int count() {
    return sorted.length;
  }

  /** The one that was measured as the {@code i}-th, counted from 0. */
  public Duration get(int i) {
    return Duration.ofNanos(measured[i]);
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
    return Duration.ofNanos(sorted[(int) Math.ceil(share * sorted.length) - 1]);
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
