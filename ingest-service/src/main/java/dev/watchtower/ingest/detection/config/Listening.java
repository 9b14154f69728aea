package dev.watchtower.ingest.detection.config;

import dev.watchtower.common.catalog.Catalog;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Since when samples could be heard, without a pause that would make everyone silent at once: this
 * process did not stand still, and the database, without which no door takes anything, answered.
 * Silence proves nothing of the time before. Times are milliseconds since the epoch. For one
 * thread.
 */
final class Listening {
  /** Between two looks; they are a second apart, or as much more as a query holds them up. */
  private static final long LONGEST_PAUSE = 5_000;

  private static final long LEAST_PAUSE = 2_500;

  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final BooleanSupplier database;
  private final LongSupplier clock;
  private final LongSupplier nanos;
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

  long since() {
    return since;
  }

  /** It begins now. */
  void begin(long now) {
    since = now;
    lookedAt = now;
  }

  /** Looks at what is silent, as each second. */
  void look(List<Catalog.Rule> noData, long now) {
    if (now - lookedAt > longestPause(noData)) {
      since = now;
    }
    lookedAt = now;
  }

  /**
   * A pause that is not noticed makes a service silent for so much longer: at most half of what a
   * rule waits for.
   */
  private static long longestPause(List<Catalog.Rule> noData) {
    long least = noData.stream().mapToLong(r -> r.after().toMillis()).min().orElse(Long.MAX_VALUE);
    return Math.clamp(least / 4, LEAST_PAUSE, LONGEST_PAUSE);
  }

  /** Something is silent: asks whether it could be heard. */
  void doubt() {
    long begin = nanos.getAsLong();
    if (!database.getAsBoolean() || nanos.getAsLong() - begin > SLOW_NANOS) {
      // Nobody could send, or nothing of it could be stored, until now.
      since = clock.getAsLong();
    }
  }
}
