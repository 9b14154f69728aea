package dev.watchtower.ingest.detection.anomaly;

/**
 * A golden signal under watch: calm, or anomalous since an alarm. While it is anomalous nothing is
 * learnt, so that an incident does not become the usual; after {@link #LONGEST} values it is taken
 * as the new usual all the same. For one thread.
 */
final class WatchedSignal {
  /** An anomaly of so many values is no incident any more but a change that stays. */
  static final int LONGEST = 720;

  /** So many values in a row must be unsuspicious before an anomaly is over. */
  private static final int CALM_VALUES = 3;

  private static final double CALM = 0.4;

  /** A value so near to what is expected, in usual distances, is unsuspicious by itself. */
  private static final double NEAR = 4;

  private final SeriesDetector detector = new SeriesDetector();
  private long since = Long.MIN_VALUE;
  private double peak;
  private int values;
  private int calm;
  private Reading reading = new Reading(0, 0, Double.NaN, 0);

  /** Takes the next value; NaN when there is none. */
  void observe(long at, double value) {
    if (!isAnomalous()) {
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
