package dev.watchtower.ingest.golden;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of a service from its samples: when it was last heard, how often it sends, which of
 * the catalog's metrics it has. Written by the thread that hears of samples, read by others.
 */
public final class ObservedService {
  private static final long[] WINDOWS = {10, 15, 20, 30, 45, 60, 90, 120, 180, 300};

  /** Who sends nothing for so long after a restart may be gone. */
  private static final long SILENT_MILLIS = 15_000;

  private final ServiceKey key;
  private final Intervals inWindow = new Intervals();
  private final IntervalEstimate overRanges = new IntervalEstimate();
  private boolean heardInWindow;
  private final IntervalEstimate otherInterval = new IntervalEstimate();
  private final Backfill backfill = new Backfill();
  private final Set<String> metrics = ConcurrentHashMap.newKeySet();
  private volatile long eventMillis;
  private volatile long arrivedMillis;
  private volatile long sentMillis;
  private volatile long namedMillis;
  private volatile long recalledMillis;
  private volatile long heardAgainMillis;
  private volatile long intervalMillis;
  private volatile boolean intervalsKnown;
  private volatile long otherIntervalMillis;
  private volatile long windowMillis = WINDOWS[0] * 1000;
  private volatile long leastWindowMillis;

  ObservedService(ServiceKey key) {
    this.key = key;
  }

  /** Which service. */
  public ServiceKey key() {
    return key;
  }

  /** At which instants its golden signals are to be decided because samples of them came late. */
  public Backfill backfill() {
    return backfill;
  }

  /**
   * Where the interval of a metric is estimated that counts for golden signals.
   *
   * @param readInWindow whether it is read in the window, not over a range of its own
   */
  IntervalEstimate interval(String metric, boolean readInWindow) {
    return readInWindow ? inWindow.of(metric) : overRanges;
  }

  /**
   * A sample that counts for golden signals. Where some are read in the window, those alone say how
   * long it is: by others, that come more often, it would be too short for a rate.
   *
   * @param interval what {@link #interval} gave for its metric
   * @param instance by which instances are told apart
   */
  void sample(IntervalEstimate interval, long seriesId, int instance, long millis) {
    boolean isRead = interval != overRanges;
    if (isRead && !heardInWindow) {
      heardInWindow = true;
      // What the others said is no longer true: after a restart it settles until this is known.
      intervalMillis = 0;
      intervalsKnown = false;
    }
    if (isRead != heardInWindow) {
      otherSample(seriesId, millis);
    } else if (isRead) {
      if (inWindow.seen(interval, seriesId, instance, millis) || leastWindowMillis > 0) {
        sendsEach(inWindow.millis(), inWindow.isKnown());
      }
    } else if (overRanges.seen(seriesId, instance, millis)) {
      long each = overRanges.millis(millis);
      sendsEach(each, each > 0);
    }
  }

  private void sendsEach(long interval, boolean isKnown) {
    intervalsKnown = isKnown;
    intervalMillis = interval;
    long needed = interval * 3 * 98 / 100;
    long window = WINDOWS[WINDOWS.length - 1];
    for (int i = WINDOWS.length - 1; i >= 0 && WINDOWS[i] * 1000 >= needed; i--) {
      window = WINDOWS[i];
    }
    if (arrivedMillis - recalledMillis >= WINDOWS[WINDOWS.length - 1] * 1000) {
      leastWindowMillis = 0;
    }
    windowMillis = Math.max(leastWindowMillis, window * 1000);
  }

  /** A sample that does not count for golden signals. */
  void otherSample(long seriesId, long millis) {
    // Of any instance: only whether it sends at all is asked.
    if (otherInterval.seen(seriesId, 0, millis)) {
      otherIntervalMillis = otherInterval.millis(millis);
    }
  }

  /** It has a metric that the catalog's expressions use. */
  void has(String metric) {
    metrics.add(metric);
  }

  /**
   * A sample of it came.
   *
   * @param own whether it sent one itself, so that it lives
   */
  synchronized void heard(long newestSample, boolean own, long now) {
    eventMillis = Math.max(eventMillis, newestSample);
    arrivedMillis = Math.max(arrivedMillis, now);
    if (own) {
      sentMillis = Math.max(sentMillis, now);
    }
    if (recalledMillis > 0 && heardAgainMillis == 0) {
      heardAgainMillis = now;
    }
  }

  /** It was named, by the end of a series, without a sign of life. */
  void named(long now) {
    namedMillis = now;
  }

  /** When it was last heard. */
  public LastHeard lastHeard() {
    return new LastHeard(key, eventMillis, arrivedMillis, sentMillis);
  }

  /**
   * It is known from before the restart that was now.
   *
   * @param away for how long nobody could be heard: of that it was not silent
   */
  synchronized void recalled(LastHeard last, long away, long now) {
    if (recalledMillis == 0) {
      recalledMillis = now;
      // Of samples that came before its past was known, too little is known just the same.
      heardAgainMillis = arrivedMillis;
    }
    // Of the future where the clock was put back since.
    long event = Math.min(last.event(), now);
    long arrived = Math.min(last.arrived(), now);
    backfill.decided(event);
    eventMillis = Math.max(eventMillis, event);
    arrivedMillis = Math.max(arrivedMillis, arrived);
    sentMillis = Math.max(sentMillis, Math.min(last.sent(), now));
    namedMillis = Math.max(namedMillis, Math.min(arrived + away, now));
  }

  /**
   * What is open on it was seen in so long a window, milliseconds, before the restart. It is no
   * shorter for five minutes: what it sends seldom would be missing as soon as it is known how
   * often it sends the rest, and what fires would seem to be over.
   */
  public synchronized void hadWindow(long window) {
    leastWindowMillis = Math.min(window, WINDOWS[WINDOWS.length - 1] * 1000);
    windowMillis = Math.max(windowMillis, leastWindowMillis);
  }

  /** Nothing of it came later than now, and no sample is newer: it may have been put back too. */
  synchronized void clockPutBack(long now) {
    eventMillis = Math.min(eventMillis, now);
    arrivedMillis = Math.min(arrivedMillis, now);
    sentMillis = Math.min(sentMillis, now);
    namedMillis = Math.min(namedMillis, now);
    recalledMillis = Math.min(recalledMillis, now);
    heardAgainMillis = Math.min(heardAgainMillis, now);
    backfill.clockPutBack(now);
  }

  /** It could not be heard for so long, as in a restart, if that is much of its window. */
  synchronized void interrupted(long gap, long now) {
    if (gap >= windowMillis / 4) {
      recalledMillis = now;
      heardAgainMillis = 0;
    }
  }

  /**
   * Whether so little was heard of it since a restart that what is missing in its signals says
   * nothing: its interval is not known yet, or some of its metrics had no time to come. Five
   * minutes at most.
   *
   * @param at by the service's own time, milliseconds since the epoch
   */
  boolean isSettling(long at) {
    // A sender may be hours behind; what it is waited for passes by our clock.
    long clock = at + arrivedMillis - eventMillis;
    return recalledMillis > 0
        && clock - recalledMillis < WINDOWS[WINDOWS.length - 1] * 1000
        && (heardAgainMillis == 0 || !intervalsKnown || clock - heardAgainMillis < windowMillis);
  }

  /** How often it sends each of its series, in milliseconds; 0 while unknown. */
  public long intervalMillis() {
    return intervalMillis;
  }

  /**
   * How often it sends, in milliseconds: what counts for golden signals where there is such, else
   * anything; 0 while unknown.
   */
  long anyIntervalMillis() {
    return intervalMillis > 0 ? intervalMillis : otherIntervalMillis;
  }

  /**
   * When a sample or the end of a series came last, in milliseconds since the epoch; so much later
   * as nobody could be heard in the last restart.
   */
  public long namedMillis() {
    return Math.max(namedMillis, arrivedMillis);
  }

  /** Time of the newest sample, in milliseconds since the epoch. */
  public long eventMillis() {
    return eventMillis;
  }

  /**
   * What time it is for the service: that of its newest sample, and the time since something came.
   * So a sender that is behind is not taken for one that is silent.
   */
  public long eventMillisAt(long now) {
    return eventMillis + Math.max(0, now - arrivedMillis);
  }

  /** Whether a sample came since the restart: only then is it known how far it is behind. */
  boolean isHeard() {
    return recalledMillis > 0 ? heardAgainMillis > 0 : arrivedMillis > 0;
  }

  /**
   * What time it is at least for a service that was not heard since the restart: that of its last
   * sample, until it had the time to send again.
   */
  long eventMillisAtLeast(long now) {
    return now - recalledMillis < SILENT_MILLIS ? eventMillis : eventMillisAt(now);
  }

  /**
   * What time it is for a service that may not have been heard since the restart or a gap of ours:
   * that of its last sample for five minutes, or for three of its intervals where these are known.
   * So one that is behind, however seldom it sends, is not taken for one that is not, and one that
   * was silent before the gap is not waited for.
   */
  public long eventMillisKnown(long now) {
    long known = anyIntervalMillis();
    long patience =
        known > 0 ? Math.max(3 * known, 2 * SILENT_MILLIS) : WINDOWS[WINDOWS.length - 1] * 1000;
    return isHeard() || now - recalledMillis >= patience ? eventMillisAt(now) : eventMillis;
  }

  /** When the last sample came, in milliseconds since the epoch; 0: only ends of series did. */
  public long arrivedMillis() {
    return arrivedMillis;
  }

  /**
   * When the last sample came that it sent itself, in milliseconds since the epoch; 0: others only
   * told of it.
   */
  public long sentMillis() {
    return sentMillis;
  }

  /**
   * The window of its rates: 10 s, or at least three of its intervals where it sends less often, up
   * to 5 minutes.
   */
  public long windowMillis() {
    return windowMillis;
  }

  /** Whether it sends, and nothing of it is a metric that the catalog's expressions use. */
  boolean sendsOthersOnly() {
    return isHeard() && metrics.isEmpty();
  }

  /** Whether it has one of the metrics; yes while nothing is known of it. */
  boolean hasAny(Set<String> names) {
    if (names.isEmpty() || metrics.isEmpty()) {
      return true;
    }
    for (String name : names) {
      if (metrics.contains(name)) {
        return true;
      }
    }
    return false;
  }
}
