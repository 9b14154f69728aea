package dev.watchtower.incident.notification;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * When each channel may be called again, as the answers said. Kept in memory: after a restart the
 * worst is one more refusal. Thread-safe.
 */
public final class Pauses {
  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(500);
  private static final int DOUBLINGS = 7;

  private final LongSupplier nanos;
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final Map<String, Long> until = new ConcurrentHashMap<>();

  /** Pauses measured by {@code nanos}, a steady clock in nanoseconds. */
  public Pauses(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** The channel must not be called for {@code wait}. */
  public void pause(String channel, Duration wait) {
    if (wait.isPositive()) {
      long end = nanos.getAsLong() + wait.toNanos();
      until.merge(channel, end, (a, b) -> a - b > 0 ? a : b);
    }
  }

  /** No channel of the kind must be called for {@code wait}. */
  public void pauseKind(String kind, Duration wait) {
    pause(keyOf(kind), wait);
  }

  /**
   * A call brought no answer that can be used: how long to leave the channel alone, twice as long
   * each time in a row, from half a second to about a minute.
   *
   * @param told how long the channel wants to be left alone; that long at least
   */
  public Duration failed(String channel, Duration told) {
    int row = failures.merge(channel, 1, Integer::sum);
    var backOff = FIRST_BACK_OFF.multipliedBy(1L << Math.min(row - 1, DOUBLINGS));
    var wait = backOff.compareTo(told) < 0 ? told : backOff;
    pause(channel, wait);
    return wait;
  }

  /** What a person wants to be tried now. */
  public void forget(String channel) {
    failures.remove(channel);
    until.remove(channel);
  }

  /** A call was answered. */
  public void answered(String channel) {
    failures.remove(channel);
  }

  /** How long a channel of the kind must still not be called; zero if it may be now. */
  public Duration left(String channel, String kind) {
    long now = nanos.getAsLong();
    long left = Math.max(leftOf(channel, now), leftOf(keyOf(kind), now));
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }

  // No channel can have such a name.
  private static String keyOf(String kind) {
    return "* " + kind;
  }

  private long leftOf(String key, long now) {
    var end = until.get(key);
    if (end == null) {
      return 0;
    }
    if (end - now <= 0) {
      until.remove(key, end);
      return 0;
    }
    return end - now;
  }
}
