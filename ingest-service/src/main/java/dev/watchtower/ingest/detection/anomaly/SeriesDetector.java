package dev.watchtower.ingest.detection.anomaly;

import java.util.List;

/**
 * Detects anomalies in one metric as its values come: no labels, no look ahead, no settings for a
 * single metric, bounded state. Its time only matters for the time of the day; values must come in
 * order, and a caller drops or sorts late ones. Equal calls give equal readings. For one thread.
 *
 * <p>An expectation (a mixture of levels and the day's profile) gives residuals; their means and
 * sizes over five lengths and the novelty of recent patterns become tail probabilities by their own
 * fading distributions; the sum of these is judged against its own distribution once more; a gate
 * makes alarms of it.
 */
public final class SeriesDetector {
  /** Values before the first alarm is possible. */
  public static final int START_UP = 150;

  private static final int[] LENGTHS = {1, 4, 16, 64, 192};
  private static final double HORIZON = 6_000;
  private static final double LARGEST_RESIDUAL = 20;
  private static final double MOST = 0.7;
  private static final double OFFSET = 0.3;
  private static final double SIZE = 0.15;
  private static final double NOVELTY = 4.5;
  private static final double PLAIN = 0.35;
  private static final double RANKED = 0.3;

  private final Expectation expectation = new Expectation();
  private final Novelty novelty = new Novelty();
  private final AlarmGate gate = new AlarmGate();
  private final MovingWindow values = new MovingWindow(LENGTHS);
  private final MovingWindow offsets = new MovingWindow(LENGTHS);
  private final MovingWindow sizes = new MovingWindow(LENGTHS);
  private final TailDistribution[] offsetTails = tails();
  private final TailDistribution[] sizeTails = tails();
  private final TailDistribution sums = new TailDistribution(HORIZON);
  private List<MovingWindow> kept = List.of();
  private double origin;
  private double sudden;
  private long count;

  /**
   * Takes the next value.
   *
   * @param millis when it was measured, milliseconds since the epoch
   * @param value the value; one that is not finite says nothing and changes nothing
   */
  public Reading observe(long millis, double value) {
    sudden = 0;
    if (!Double.isFinite(value)) {
      return new Reading(0, 0, expectation.value() + origin, expectation.scale());
    }
    if (count++ == 0) {
      // Relative to the first value, so that small changes of large numbers are kept.
      origin = value;
    }
    double surprise = surprise(millis, value - origin, true);
    double expected = expectation.value();
    double scale = expectation.scale();
    expectation.learn(millis, value - origin);
    double score = count < START_UP ? 0 : gate.pass(surprise, expectation.step());
    return new Reading(score, surprise, expected + origin, scale);
  }

  /** Keeps what is recent now, for {@link #resume}. Until then call {@link #observeOnly}. */
  void pause() {
    kept = List.of(values.copy(), offsets.copy(), sizes.copy());
  }

  /** Goes on as if nothing had been observed since {@link #pause}, and alarms again if need be. */
  void resume() {
    gate.wake();
    if (!kept.isEmpty()) {
      values.set(kept.get(0));
      offsets.set(kept.get(1));
      sizes.set(kept.get(2));
      kept = List.of();
    }
  }

  /** Goes on with what was observed since {@link #pause}: it is how things are now. */
  void accept() {
    kept = List.of();
  }

  /**
   * Looks at the next value without learning from it, as during an anomaly: what is unusual stays
   * unusual. The score is that of a gate that does not rest; what is expected is the slow level,
   * which the value that alarmed has hardly moved.
   */
  public Reading observeOnly(long millis, double value) {
    if (!Double.isFinite(value) || count == 0) {
      return new Reading(0, 0, expectation.value() + origin, expectation.scale());
    }
    double surprise = surprise(millis, value - origin, false);
    double score = count < START_UP ? 0 : AlarmGate.score(surprise);
    return new Reading(score, surprise, expectation.level() + origin, expectation.spread());
  }

  /**
   * How surprising the newest value is by itself, without its neighbourhood: about the negative
   * decimal logarithm of a tail probability; 0 where it said nothing.
   */
  double sudden() {
    return sudden;
  }

  /** Whether it has seen enough to alarm. */
  public boolean isReady() {
    return count >= START_UP;
  }

  private double surprise(long millis, double x, boolean learning) {
    expectation.guess(millis);
    double expected = Double.isNaN(expectation.value()) ? x : expectation.value();
    values.add(x);
    double unusual = novelty.look(millis, values, expectation.spread());
    if (learning) {
      novelty.learn();
    }
    return combined(x, expected, unusual, learning);
  }

  private double combined(double x, double expected, double unusual, boolean learning) {
    offsets.add((x - expectation.level()) / expectation.spread());
    sizes.add(Math.min(Math.abs(x - expected) / expectation.scale(), LARGEST_RESIDUAL));
    double most = 0;
    double sum = 0;
    for (int i = 0; i < LENGTHS.length; i++) {
      double offset = tail(offsetTails[i], Math.abs(offsets.mean(i)), learning);
      double size = tail(sizeTails[i], sizes.mean(i), learning);
      most = Math.max(most, Math.max(offset, size));
      if (i == 0) {
        sudden = most;
      }
      sum += OFFSET * offset + SIZE * size;
    }
    double total = MOST * most + sum + NOVELTY * unusual;
    double ranked = sums.surprise(total);
    if (learning && count > 20) {
      sums.add(total);
    }
    return PLAIN * total + RANKED * ranked;
  }

  private static double tail(TailDistribution tail, double score, boolean learning) {
    double surprise = tail.surprise(score);
    if (learning) {
      tail.add(score);
    }
    return surprise;
  }

  private static TailDistribution[] tails() {
    TailDistribution[] tails = new TailDistribution[LENGTHS.length];
    for (int i = 0; i < tails.length; i++) {
      tails[i] = new TailDistribution(HORIZON);
    }
    return tails;
  }
}
