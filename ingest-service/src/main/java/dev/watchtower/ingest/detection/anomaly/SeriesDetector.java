package dev.watchtower.ingest.detection.anomaly;

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
  private static final double EACH = 0.3;
  private static final double NOVELTY = 11;
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
  private double origin;
  private long count;

  /**
   * Takes the next value.
   *
   * @param millis when it was measured, milliseconds since the epoch
   * @param value the value; one that is not finite says nothing and changes nothing
   */
  public Reading observe(long millis, double value) {
    if (!Double.isFinite(value)) {
      return new Reading(0, 0, expectation.value() + origin, expectation.scale());
    }
    if (count++ == 0) {
      // Relative to the first value, so that small changes of large numbers are kept.
      origin = value;
    }
    double x = value - origin;
    expectation.guess(millis);
    double expected = expectation.value();
    values.add(x);
    double unusual = novelty.look(millis, values, expectation.spread());
    novelty.learn();
    double surprise = combined(x, Double.isNaN(expected) ? x : expected, unusual);
    double scale = expectation.scale();
    expectation.learn(millis, x);
    double score = count < START_UP ? 0 : gate.pass(surprise);
    return new Reading(score, surprise, expected + origin, scale);
  }

  private double combined(double x, double expected, double unusual) {
    offsets.add((x - expectation.level()) / expectation.spread());
    sizes.add(Math.min(Math.abs(x - expected) / expectation.scale(), LARGEST_RESIDUAL));
    double most = 0;
    double sum = 0;
    for (int i = 0; i < LENGTHS.length; i++) {
      double offset = tail(offsetTails[i], Math.abs(offsets.mean(i)));
      double size = tail(sizeTails[i], sizes.mean(i));
      most = Math.max(most, Math.max(offset, size));
      sum += offset + size;
    }
    double total = most + EACH * (sum + NOVELTY * unusual);
    double ranked = sums.surprise(total);
    if (count > 20) {
      sums.add(total);
    }
    return PLAIN * total + RANKED * ranked;
  }

  private static double tail(TailDistribution tail, double score) {
    double surprise = tail.surprise(score);
    tail.add(score);
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
