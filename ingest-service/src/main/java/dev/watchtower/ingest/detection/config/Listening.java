package dev.watchtower.ingest.detection.config;

import dev.watchtower.common.catalog.Catalog;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Since when samples could be heard, without a pause that would make everyone silent at once: this
 * process did not stand still, and the database, without which no door takes anything, answered.
 * Silence proves nothing of the time before. The thread that hears of samples looks as well as the
 * one of detection: that the latter was slow is no standstill. Times are milliseconds since the
 * epoch. Thread-safe.
 */
final class Listening {
  /** Between two looks, which are a second apart. */
  private static final long LONGEST_PAUSE = 5_000;

  private static final long LEAST_PAUSE = 2_500;

  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final BooleanSupplier database;
  private final LongSupplier clock;
  private final LongSupplier nanos;
  private long pause = LONGEST_PAUSE;
  private long since;
  private long lookedAt;

  /**
   * @param database whether it answers; asked only where something is silent
   * @param clock milliseconds since the epoch
   * @param nanos a clock for elapsed time
   */
  Listening(BooleanSupplier database, LongSupplier clock, LongSupplier nanos) {
    this.database = database;
    this.clock = clock;
    this.nanos = nanos;
  }

  synchronized long since() {
    return since;
  }

  /** It begins now. */
  synchronized void begin(long now) {
    since = now;
    lookedAt = now;
  }

  /**
   * These rules miss services from now on. A pause that is not noticed makes a service silent for
   * so much longer: at most half of what a rule waits for.
   */
  synchronized void follow(List<Catalog.Rule> noData) {
    long least = noData.stream().mapToLong(r -> r.after().toMillis()).min().orElse(Long.MAX_VALUE);
    pause = Math.clamp(least / 4, LEAST_PAUSE, LONGEST_PAUSE);
  }

  /** This process is there: to be called at least each second. */
  synchronized void look(long now) {
    if (now - lookedAt > pause) {
      since = now;
    }
    // Two threads look, and one may have asked for the time before the other.
    lookedAt = Math.max(lookedAt, now);
  }

  /** Something is silent: asks whether it could be heard. */
  void doubt() {
    long begin = nanos.getAsLong();
    if (!database.getAsBoolean() || nanos.getAsLong() - begin > SLOW_NANOS) {
      // Nobody could send, or nothing of it could be stored, until now.
      heardFrom(clock.getAsLong());
    }
  }

  private synchronized void heardFrom(long now) {
    since = now;
  }
}
