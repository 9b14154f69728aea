package dev.watchtower.ingest.detection.anomaly;

import org.jspecify.annotations.Nullable;

/**
 * A golden signal under watch: calm, or anomalous since an alarm. While it is anomalous nothing is
 * learnt, so that an incident does not become the usual; after {@link #LONGEST} values it is taken
 * as the new usual all the same. In a trouble that others tell of it goes on learning, so that it
 * finds what it would find, but forgets that when it is over and it is calm itself, unless it has
 * been anomalous for {@link #LONGEST} steps. For one thread.
 */
final class WatchedSignal {
  /** An anomaly of so many values is no incident any more but a change that stays. */
  static final int LONGEST = 720;

  /** So many values in a row must be unsuspicious before an anomaly is over. */
  private static final int CALM_VALUES = 3;

  private static final double CALM = 0.4;

  /** A value so near to what is expected, in usual distances, is unsuspicious by itself. */
  private static final double NEAR = 4;

  private SeriesDetector detector = new SeriesDetector();

  /** The detector as it was before a trouble that goes on; null outside of one. */
  private byte @Nullable [] before;

  private long since = Long.MIN_VALUE;
  private double peak;
  private int values;
  private int calm;

  /** Steps of the anomaly with {@link #before}, also those without a value. */
  private int lent;

  private Reading reading = new Reading(0, 0, Double.NaN, 0);

  /** Takes the next value; NaN when there is none. */
  void observe(long at, double value, Trouble.Lesson lesson) {
    if (!isAnomalous()) {
      heed(lesson);
      reading = detector.observe(at, value);
      if (reading.alarm()) {
        since = at;
        peak = reading.score();
        values = 0;
        calm = 0;
        detector.pause();
      }
      return;
    }
    // It may never be over, as where the metric is gone: meanwhile nothing of the service is saved.
    if (before != null && (lesson == Trouble.Lesson.ACCEPT || ++lent >= LONGEST)) {
      before = null;
    }
    reading = detector.observeOnly(at, value);
    if (Double.isFinite(value)) {
      values++;
      peak = Math.max(peak, reading.score());
      boolean near = Math.abs(value - reading.expected()) <= NEAR * reading.scale();
      calm = near || reading.score() < CALM ? calm + 1 : 0;
    }
    if (calm >= CALM_VALUES) {
      detector.resume();
      end();
    } else if (values >= LONGEST) {
      detector.accept();
      end();
    }
  }

  private void heed(Trouble.Lesson lesson) {
    switch (lesson) {
      case FORGET -> {
        if (before == null) {
          ModelWriting state = new ModelWriting();
          detector.exchange(state);
          before = state.bytes();
        }
      }
      case ACCEPT -> before = null;
      case LEARN -> {
        if (before != null) {
          detector = new SeriesDetector();
          detector.exchange(new ModelReading(before));
          detector.rest();
          before = null;
        }
      }
    }
  }

  /** Whether what it learns now will be forgotten. Then it must not be saved. */
  boolean isForgetful() {
    return before != null;
  }

  /** Saves or loads it, an anomaly with it. */
  void exchange(ModelState state) {
    detector.exchange(state);
    since = state.exchange(since, Long.MIN_VALUE, Long.MAX_VALUE);
    peak = state.exchange(peak);
    values = state.exchange(values, 0, LONGEST);
    calm = state.exchange(calm, 0, CALM_VALUES);
    reading =
        new Reading(
            state.exchange(reading.score()),
            state.exchange(reading.surprise()),
            state.exchangeAny(reading.expected()),
            state.exchange(reading.scale()));
  }

  /** An anomaly of which nothing was heard for so long that nobody knows when it ended is over. */
  void lose() {
    if (isAnomalous()) {
      detector.resume();
      end();
    }
  }

  private void end() {
    since = Long.MIN_VALUE;
    peak = 0;
    lent = 0;
  }

  /** What its newest value says to the service as a whole. */
  double contribution() {
    return detector.contribution();
  }

  boolean isReady() {
    return detector.isReady();
  }

  boolean isAnomalous() {
    return since != Long.MIN_VALUE;
  }

  /** Since when it is anomalous; meaningless while it is not. */
  long since() {
    return since;
  }

  /** The highest score of the anomaly; 0 while there is none. */
  double peak() {
    return peak;
  }

  Reading reading() {
    return reading;
  }
}
