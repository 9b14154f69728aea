package dev.watchtower.common.outbox;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Exponential back-off: 1 s, 2 s, 4 s … 60 s, each up to a fifth shorter or longer so that retries
 * spread.
 */
final class Backoff {
  private static final long MAX_MILLIS = 60_000;
  private static final double JITTER = 0.2;

  private Backoff() {}

  /** How long to wait after the failed attempt number {@code attempt} (from 1). */
  static Duration after(int attempt, RandomGenerator random) {
    long base = attempt > 6 ? MAX_MILLIS : Math.min(MAX_MILLIS, 1_000L << Math.max(0, attempt - 1));
    return Duration.ofMillis((long) (base * (1 - JITTER + 2 * JITTER * random.nextDouble())));
  }
}
