package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SignsOfLife;
import org.jspecify.annotations.Nullable;

/**
 * The newest samples of one series, and what is known of its others. Duplicates and out-of-order
 * samples are resolved here. Thread-safe; appended to by one thread only.
 */
public final class Head extends HeadChunks {
  private static final long DAY_MILLIS = 86_400_000L;
  private static final long MAX_AHEAD_MILLIS = StorageSettings.MAX_AHEAD.toMillis();

  /** What became of an appended sample. */
  enum Outcome {
    STORED,
    DUPLICATE,
    CONFLICT,
    TOO_OLD,
    /** The head was removed; its series has to be looked up anew. */
    GONE
  }

  /**
   * Samples later than those that are appended now: a clock was ahead when they came.
   *
   * @param from time of the first
   * @param to of the last
   */
  private record Ahead(long from, long to) {}

  private final Series series;
  private final ServiceClock service;
  private final boolean own;
  private @Nullable Ahead ahead;
  private long minTs = Long.MAX_VALUE;

  /** Day since 1970 of the newest sealed sample, or a later one; 0 if nothing was sealed. */
  private int lastDay;

  /** The newest sample, but for those {@link #ahead}. */
  private long lastTs = Long.MIN_VALUE;

  private double lastValue;

  /** Everything from here on is in memory; before it, archived chunks may have more. */
  private long completeFrom;

  /** Whether the writer has this head on its list for the next cut; the writer's own. */
  boolean dirty;

  /** Taken out of the index: nothing is in memory, and of the archive nothing is asked any more. */
  private volatile boolean gone;

  /** Whether it had no sample at all when it was looked at last. */
  private boolean unheard;

  /**
   * @param completeFrom time before which the archive may have chunks of the series; {@code
   *     Long.MIN_VALUE} for a new series
   */
  Head(Series series, ServiceClock service, long completeFrom) {
    this.series = series;
    this.service = service;
    this.own = SignsOfLife.isOne(series.labels());
    this.completeFrom = completeFrom;
    if (completeFrom != Long.MIN_VALUE) {
      minTs = Long.MIN_VALUE;
    }
  }

  /** The series. */
  public Series series() {
    return series;
  }

  ServiceClock service() {
    return service;
  }

  /** Whether its samples say that the service lives. */
  boolean isOwn() {
    return own;
  }

  /** Whether it was removed: whoever holds it has to look up its series anew. */
  boolean isGone() {
    return gone;
  }

  /**
   * Takes one sample; late ones if they are not more than {@code window} behind the newest, or
   * behind now where that is earlier.
   *
   * @param now milliseconds since the epoch
   */
  synchronized Outcome append(long ts, double value, long window, long now) {
    if (gone) {
      return Outcome.GONE;
    }
    if (ts <= lastTs && isAhead(now)) {
      turnBack(now);
    }
    if (ts > lastTs) {
      return ahead == null ? appendNext(ts, value) : appendBefore(ahead, ts, value);
    }
    if (ts == lastTs) {
      return compared(value, lastValue);
    }
    return appendLate(ts, value, Math.min(lastTs, now) - window);
  }

  private Outcome appendNext(long ts, double value) {
    appendToOpen(ts, value);
    lastTs = ts;
    lastValue = value;
    minTs = Math.min(minTs, ts);
    return Outcome.STORED;
  }

  /** So far as no sender's clock may be: it was ours that was ahead, and has been put back. */
  private boolean isAhead(long now) {
    return lastTs > now + MAX_AHEAD_MILLIS;
  }

  /**
   * Goes on from now. What is later stays as it is and gets company when its time has come: as late
   * samples, all until then would take ten times the memory and time.
   */
  private void turnBack(long now) {
    closeOpen();
    var later = new SampleCollector();
    collect(now + 1, Long.MAX_VALUE, later);
    // Where the archive alone has it, it is compared when what comes is sealed.
    ahead = new Ahead(later.size() == 0 ? lastTs : later.samples().timestamp(0), end());
    var newest = newestUpTo(now);
    lastTs = newest.timestamp();
    lastValue = newest.value();
  }

  private Newest newestUpTo(long time) {
    var known = new SampleCollector();
    collect(Long.MIN_VALUE, time, known);
    var samples = known.samples();
    var last = samples.size() - 1;
    return last < 0
        ? new Newest(Long.MIN_VALUE, 0)
        : new Newest(samples.timestamp(last), samples.value(last));
  }

  private Outcome appendBefore(Ahead later, long ts, double value) {
    if (ts > later.to()) {
      ahead = null;
    } else if (ts >= later.from()) {
      var there = there(ts, value);
      if (there != null) {
        return there;
      }
    }
    return appendNext(ts, value);
  }

  /** Time of the newest of all samples that are known. */
  private long end() {
    return ahead == null ? lastTs : Math.max(lastTs, ahead.to());
  }

  /** What becomes of a sample whose time is in memory; null if it is not. */
  private @Nullable Outcome there(long ts, double value) {
    var there = new SampleCollector();
    collect(ts, ts, there);
    return there.size() == 0 ? null : compared(value, there.samples().value(0));
  }

  private static Outcome compared(double value, double stored) {
    return same(value, stored) ? Outcome.DUPLICATE : Outcome.CONFLICT;
  }

  private Outcome appendLate(long ts, double value, long oldest) {
    var there = there(ts, value);
    if (there != null) {
      return there;
    }
    if (ts < oldest) {
      return Outcome.TOO_OLD;
    }
    addLate(ts, value);
    minTs = Math.min(minTs, ts);
    return Outcome.STORED;
  }

  /** Bit by bit. */
  static boolean same(double a, double b) {
    return Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b);
  }

  /**
   * The end of a series.
   *
   * @param timestamp {@code Long.MIN_VALUE} if nothing is known of it
   * @param value of no meaning then (0)
   */
  public record Newest(long timestamp, double value) {}

  /**
   * The newest sample that is known and was not stamped by a clock that was ahead.
   *
   * @param now milliseconds since the epoch
   */
  public synchronized Newest newest(long now) {
    return isAhead(now) ? newestUpTo(now) : new Newest(lastTs, lastValue);
  }

  /** Whether its newest sample is a value, as far as is known, or there is none yet. */
  synchronized boolean mayBeRunning() {
    return lastTs == Long.MIN_VALUE ? !isArchived() : !Samples.isStale(lastValue);
  }

  /** Whether there may be samples between two times, here or in the archive. */
  synchronized boolean mayHave(long from, long to) {
    // After a start the newest known sample may be a late one; the archive has what comes after it.
    return minTs <= to
        && (end() >= from
            || (isArchived() && from < Math.min(completeFrom, (lastDay + 1) * DAY_MILLIS)));
  }

  private boolean isArchived() {
    return completeFrom != Long.MIN_VALUE;
  }

  /**
   * Adds what is in memory between two times, both included.
   *
   * @return the time before which the archive may have more
   */
  synchronized long read(long from, long to, SampleCollector target) {
    collect(from, to, target);
    return completeFrom;
  }

  /** Everything from here on is in memory; of what is before, the archive may have more. */
  synchronized long completeFrom() {
    return completeFrom;
  }

  /** Notes the day since 1970 of the newest sample in the archive. */
  synchronized void sealedOn(int day) {
    lastDay = Math.max(lastDay, day);
  }

  /** The day since 1970 of the newest sample in the archive, or a later one; 0 if there is none. */
  synchronized int lastDay() {
    return lastDay;
  }

  /** The day since 1970 of the newest sample, or a later one; 0 or less if there is none. */
  synchronized int newestDay() {
    return end() == Long.MIN_VALUE
        ? lastDay
        : Math.max(lastDay, (int) Math.floorDiv(end(), DAY_MILLIS));
  }

  /**
   * Removes the head if all of the series is older than a day since 1970, and nothing of it is in
   * memory.
   */
  synchronized boolean retire(int oldestDay) {
    if (isOver(oldestDay)) {
      gone = true;
    }
    return gone;
  }

  /** Whether the archive alone has the series, and all of it is older than a day since 1970. */
  synchronized boolean isOver(int day) {
    return isKnown()
        && isEmpty()
        && lastDay < day
        && (end() == Long.MIN_VALUE || end() < day * DAY_MILLIS);
  }

  /** Removes the head if it never had a sample, now and when this was asked last. */
  synchronized boolean retireUnheard() {
    var still = unheard;
    unheard = lastTs == Long.MIN_VALUE && !isKnown() && isEmpty();
    if (still && unheard) {
      gone = true;
    }
    return gone;
  }

  private boolean isKnown() {
    return lastDay > 0 || isArchived();
  }

  /** From now on the archive is asked for all times: not all of it could be taken into memory. */
  synchronized void incomplete() {
    completeFrom = Long.MAX_VALUE;
  }

  /** Takes a chunk from the archive into memory, at the start. */
  synchronized void restore(Chunk chunk) {
    addSealed(chunk);
    if (chunk.maxTs() > lastTs) {
      var newest = new SampleCollector();
      chunk.read(chunk.maxTs(), chunk.maxTs(), newest);
      lastTs = chunk.maxTs();
      lastValue = newest.samples().value(0);
    }
  }

  /** Drops sealed chunks that end before a time; they are read from the archive from now on. */
  synchronized void evict(long before) {
    completeFrom = Math.max(completeFrom, dropSealed(before));
  }
}
