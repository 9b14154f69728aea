package dev.watchtower.incident.notification.discord;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lets through so many calls a second: a bucket that holds as many tokens as flow in within a
 * second, full at first. Thread-safe.
 */
final class TokenBucket {
  private static final double SECOND = 1e9;

  private final double perSecond;
  private final LongSupplier nanos;
  private double tokens;
  private long seen;

  /**
   * A bucket.
   *
   * @param perSecond how many calls a second, more than zero
   * @param nanos a steady clock in nanoseconds
   */
  TokenBucket(int perSecond, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.nanos = nanos;
    this.tokens = perSecond;
    this.seen = nanos.getAsLong();
  }

  /** Zero if a token was taken; else none was, and the answer is when there will be one. */
  synchronized Duration take() {
    long now = nanos.getAsLong();
    tokens = Math.min(perSecond, tokens + (now - seen) / SECOND * perSecond);
    seen = now;
    if (tokens >= 1) {
      tokens--;
      return Duration.ZERO;
    }
    return Duration.ofNanos((long) Math.ceil((1 - tokens) / perSecond * SECOND));
  }
}
