package dev.watchtower.ingest.storage;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * What time it is for all that is kept for so long: that of the clock, but no later than the end of
 * the newest sample's day. More than a day later than it was known to be it is only once that has
 * been so for a while. So a clock that is ahead takes nothing away, nor do samples that were
 * stamped by it. Times are milliseconds since the epoch. Thread-safe.
 */
final class RetentionClock {
  /** So long what is far ahead is not believed. */
  static final Duration DOUBT = Duration.ofDays(1);

  /** Where there is no sample, so that the clock alone counts. */
  static final long NO_SAMPLE = Long.MAX_VALUE;

  private static final System.Logger LOG = System.getLogger(RetentionClock.class.getName());
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final Duration doubt;
  private final LongSupplier nanos;
  private boolean known;
  private long latest;
  private boolean doubted;
  private long doubtedSince;

  /**
   * @param doubt how long what is far ahead is not believed
   * @param nanos a clock for elapsed time
   */
  RetentionClock(Duration doubt, LongSupplier nanos) {
    this.doubt = doubt;
    this.nanos = nanos;
  }

  /**
   * What is there before anything new comes; only the first one counts.
   *
   * @param endOfNewestDay of the newest sample, or {@link #NO_SAMPLE}
   */
  synchronized void begin(long endOfNewestDay) {
    if (!known && endOfNewestDay != NO_SAMPLE) {
      known = true;
      latest = endOfNewestDay;
    }
  }

  /**
   * What time it is.
   *
   * @param clock what our clock says
   * @param endOfNewestDay of the newest sample, or {@link #NO_SAMPLE}
   */
  synchronized long now(long clock, long endOfNewestDay) {
    return believed(Math.min(clock, endOfNewestDay), DAY_MILLIS);
  }

  /**
   * What time it is where there may be no new sample because no series finds room: those go of
   * which nothing came for a whole day, so that a day more is believed.
   *
   * @param clock what our clock says
   */
  synchronized long nowWithoutSamples(long clock) {
    return believed(clock, 2 * DAY_MILLIS);
  }

  private long believed(long said, long most) {
    if (known && said - latest > most && isDoubted(said)) {
      return latest;
    }
    doubted = false;
    latest = known ? Math.max(latest, said) : said;
    known = true;
    return said;
  }

  private boolean isDoubted(long said) {
    var now = nanos.getAsLong();
    if (!doubted) {
      doubted = true;
      doubtedSince = now;
      LOG.log(
          System.Logger.Level.INFO,
          "it is {0}, long after {1}: nothing is dropped by that until it has been so for a day,"
              + " since the clock may be wrong",
          Instant.ofEpochMilli(said),
          Instant.ofEpochMilli(latest));
    }
    return now - doubtedSince < doubt.toNanos();
  }
}
