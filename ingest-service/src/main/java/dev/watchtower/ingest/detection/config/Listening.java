package dev.watchtower.ingest.detection.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.Expr;
import dev.watchtower.ingest.query.Expressions;
import dev.watchtower.ingest.query.QueryEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Since when samples could be heard, without a gap of ours that would make everyone silent at once:
 * this process did not stand still, the database, without which no door takes anything, answered,
 * and the doors did not send away all that came. Silence proves nothing of the time before. The
 * thread that hears of samples looks as well as the one of detection: that the latter was slow is
 * no standstill. Times are milliseconds since the epoch. Thread-safe.
 */
final class Listening {
  /**
   * What the doors do.
   *
   * @param open whether they could take something now: storage is open and no commit hangs, the
   *     database answers, and is still ours; asked only where something is silent
   * @param taken samples taken so far
   * @param lost what was sent away so far for a reason of ours
   */
  record Doors(BooleanSupplier open, LongSupplier taken, LongSupplier lost) {}

  /** A gap of ours, in milliseconds, and when it ended. */
  private record Gap(long length, long end) {}

  /** Between two looks, which are a second apart. */
  private static final long LONGEST_PAUSE = 5_000;

  private static final long LEAST_PAUSE = 2_500;

  /** Who was sent away comes again sooner, if it is still there. */
  private static final long LONGEST_RETRY = 60_000;

  private static final long SLOW_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long ONE_SAMPLE = Duration.ofMinutes(1).toMillis();
  private static final long LONGEST_SETTLING = Duration.ofMinutes(5).toMillis();

  /** A gap that ended before says nothing any more: the longest short window of a burn rate. */
  private static final long REMEMBERED = Duration.ofHours(6).toMillis();

  private final Doors doors;
  private final ServiceRegistry services;
  private final LongSupplier clock;
  private final LongSupplier nanos;
  private long pause = LONGEST_PAUSE;
  private long since;
  private long heardThrough;

  /**
   * Each is shorter than the one before it and ended later, so that there are few: one that is no
   * longer than a later one has nothing to add.
   */
  private final List<Gap> gaps = new ArrayList<>();

  private long lookedAt;
  private long takenAt;
  private long taken;
  private long lost;
  private long lostAt;

  /**
   * @param services how often they send
   * @param clock milliseconds since the epoch
   * @param nanos a clock for elapsed time
   */
  Listening(Doors doors, ServiceRegistry services, LongSupplier clock, LongSupplier nanos) {
    this.doors = doors;
    this.services = services;
    this.clock = clock;
    this.nanos = nanos;
  }

  synchronized long since() {
    return since;
  }

  /** How long the last gap was, which ended then, in milliseconds. */
  synchronized long gap() {
    return since - heardThrough;
  }

  /** It begins now, after a gap that was so long. */
  synchronized void begin(long now, long gap) {
    since = now;
    heardThrough = now - gap;
    lookedAt = now;
    takenAt = now;
    taken = doors.taken().getAsLong();
    lost = doors.lost().getAsLong();
    lostAt = 0;
    remember(gap, now);
  }

  /**
   * These rules miss services from now on. A gap that is not noticed makes a service silent for so
   * much longer: at most half of what a rule waits for.
   */
  synchronized void follow(List<Catalog.Rule> noData) {
    long least = noData.stream().mapToLong(r -> r.after().toMillis()).min().orElse(Long.MAX_VALUE);
    pause = Math.clamp(least / 4, LEAST_PAUSE, LONGEST_PAUSE);
  }

  /**
   * This process is there: to be called at least each second.
   *
   * @return whether the clock was put back: what is later than now, in anybody's memory, is of then
   */
  synchronized boolean look(long now) {
    if (since == 0) {
      // It has not begun.
      return false;
    }
    // Two threads look, and one may have asked for the time before the other.
    boolean putBack = now < lookedAt - LONGEST_PAUSE;
    if (putBack) {
      gaps.replaceAll(gap -> new Gap(gap.length(), Math.min(gap.end(), now)));
      begin(now, 0);
    } else if (now - lookedAt > pause) {
      nothingHeard(lookedAt, now);
    }
    lookedAt = Math.max(lookedAt, now);
    lookAtDoors(now);
    return putBack;
  }

  // Some of what comes is sent away in any overload, and comes again: a gap is when nothing else
  // happens for a while, and somebody who was taken before should have come again. Else one sender
  // that is always sent away would make nobody's silence seen where others send rarely. And whoever
  // does not come again is silent.
  private void lookAtDoors(long now) {
    long takenNow = doors.taken().getAsLong();
    long lostNow = doors.lost().getAsLong();
    if (lostNow != lost) {
      lostAt = now;
    }
    boolean losing = lostAt > takenAt && now - lostAt < LONGEST_RETRY;
    if (losing && now - takenAt > pause && services.isAnyLate(takenAt, pause, now)) {
      nothingHeard(takenAt, now);
    }
    if (takenNow != taken) {
      takenAt = Math.max(takenAt, now);
    }
    taken = takenNow;
    lost = lostNow;
  }

  /** Something is silent: asks whether it could be heard. */
  void doubt() {
    long begin = nanos.getAsLong();
    if (!doors.open().getAsBoolean() || nanos.getAsLong() - begin > SLOW_NANOS) {
      // Nobody could send, or nothing of it could be stored, until now.
      long now = clock.getAsLong();
      synchronized (this) {
        nothingHeard(takenAt, now);
      }
    }
  }

  /**
   * Whether so little was heard since a gap of ours that what is missing in the result of an
   * expression says nothing: the gap takes a quarter of its range or more, in which all but one of
   * its samples may be.
   */
  synchronized boolean isSettling(Expr expr, long now) {
    long range = Expressions.longestRange(expr);
    return range == 0
        ? isSettling(QueryEngine.LOOKBACK_MILLIS / 2, ONE_SAMPLE, now)
        : isSettling(range / 4, Math.min(range, LONGEST_SETTLING), now);
  }

  /**
   * Whether a gap of ours may be why an expression has a value, as {@code absent} has where it
   * finds no series: the gap takes a quarter of the time it looks back, and did not end longer ago
   * than that. Before it has begun, all is a gap.
   */
  synchronized boolean hidesAbsence(Expr expr, long now) {
    long range = Expressions.longestRange(expr);
    long lookback = QueryEngine.LOOKBACK_MILLIS;
    long least = range == 0 ? lookback : Math.min(range, lookback);
    return !Expressions.isEmptyWithoutSeries(expr)
        && (since == 0 || isSettling(least / 4, Math.max(range, lookback), now));
  }

  /** See {@link dev.watchtower.ingest.detection.slo.OwnGaps#hide}; before it has begun, all is. */
  synchronized boolean hides(Duration window, Duration settling) {
    return since == 0 || isSettling(window.toMillis() / 4, settling.toMillis(), clock.getAsLong());
  }

  // A short gap after a long one does not end what the long one began.
  private boolean isSettling(long least, long settling, long now) {
    return gaps.stream().anyMatch(gap -> gap.length() >= least && now - gap.end() < settling);
  }

  private void nothingHeard(long from, long until) {
    if (since < from) {
      heardThrough = from;
    }
    // Else it is the same gap, which goes on.
    since = until;
    remember(gap(), until);
  }

  private void remember(long length, long end) {
    gaps.removeIf(gap -> gap.length() <= length || end - gap.end() > REMEMBERED);
    gaps.add(new Gap(length, end));
  }
}
