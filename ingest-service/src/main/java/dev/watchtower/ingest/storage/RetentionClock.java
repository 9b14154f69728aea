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

  private static final Duration DOUBT_FOR_ROOM = Duration.ofHours(1);

  /** Where there is no sample, so that the clock alone counts. */
  static final long NO_SAMPLE = Long.MAX_VALUE;

  private static final System.Logger LOG = System.getLogger(RetentionClock.class.getName());
  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final Duration doubt;
  private final Duration doubtForRoom;
  private final LongSupplier nanos;
  private boolean known;
  private long latest;
  private boolean doubted;
  private long doubtedSince;
  private long doubtedClock;

  /**
   * @param doubt how long what is far ahead is not believed
   * @param nanos a clock for elapsed time
   */
  RetentionClock(Duration doubt, LongSupplier nanos) {
    this.doubt = doubt;
    this.doubtForRoom = doubt.compareTo(DOUBT_FOR_ROOM) < 0 ? doubt : DOUBT_FOR_ROOM;
    this.nanos = nanos;
  }

  /**
   * What is known before anything new comes; only the first one counts.
   *
   * @param time when retention ran last, or the end of the newest sample's day if that is earlier;
   *     {@link #NO_SAMPLE} if there is neither
   */
  synchronized void begin(long time) {
    if (!known && time != NO_SAMPLE) {
      known = true;
      latest = time;
    }
  }

  /**
   * What time it is.
   *
   * @param clock what our clock says
   * @param endOfNewestDay of the newest sample, or {@link #NO_SAMPLE}
   */
  synchronized long now(long clock, long endOfNewestDay) {
    endDoubtIfRight(clock);
    long said = Math.min(clock, endOfNewestDay);
    if (known && said - latest > DAY_MILLIS && isDoubted(clock, doubt)) {
      return latest;
    }
    latest = known ? Math.max(latest, said) : said;
    known = true;
    return said;
  }

  /**
   * What time it is where there may be no new sample because no series finds room: those go of
   * which nothing came for a whole day, so that a day more is believed. New ones are refused
   * meanwhile, and what goes is a tenth at most: so it is doubted for an hour only, and says
   * nothing of what else is to go.
   *
   * @param clock what our clock says
   */
  synchronized long nowWithoutSamples(long clock) {
    endDoubtIfRight(clock);
    return known && clock - latest > 2 * DAY_MILLIS && isDoubted(clock, doubtForRoom)
        ? latest
        : clock;
  }

  // Not where only the newest sample is of a time that is known: nothing may find room.
  private void endDoubtIfRight(long clock) {
    if (clock - latest <= DAY_MILLIS) {
      doubted = false;
    }
  }

  private boolean isDoubted(long clock, Duration howLong) {
    var now = nanos.getAsLong();
    var since = Duration.ofNanos(now - doubtedSince);
    // One that goes far ahead again meanwhile is another one.
    if (!doubted || clock - doubtedClock > since.toMillis() + DAY_MILLIS) {
      doubted = true;
      doubtedSince = now;
      doubtedClock = clock;
      since = Duration.ZERO;
      LOG.log(
          System.Logger.Level.INFO,
          "it is {0}, long after {1}: nothing is dropped for its age until it has been so for a"
              + " day, since the clock may be wrong",
          Instant.ofEpochMilli(clock),
          Instant.ofEpochMilli(latest));
    }
    return since.compareTo(howLong) < 0;
  }
}
