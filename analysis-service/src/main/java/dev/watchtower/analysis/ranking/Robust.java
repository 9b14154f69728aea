package dev.watchtower.analysis.ranking;

import java.util.Arrays;

/** Location and spread that a few wild values do not move. */
final class Robust {
  private static final double MAD_TO_SIGMA = 1.4826;
  private static final double IQR_TO_SIGMA = 1 / 1.349;

  private Robust() {}

  /**
   * The quantile of values sorted ascending, by linear interpolation.
   *
   * @param q 0..1
   */
  static double quantile(double[] sorted, double q) {
    double at = q * (sorted.length - 1);
    int low = (int) Math.floor(at);
    int high = (int) Math.ceil(at);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  }

  /**
   * Centre and scale of the values: the larger of the scaled median absolute deviation and the
   * scaled interquartile range, at least {@code floor}.
   */
  static Spread spread(double[] values, double floor) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double median = quantile(sorted, 0.5);
    double iqr = quantile(sorted, 0.75) - quantile(sorted, 0.25);
    double[] away = new double[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      away[i] = Math.abs(sorted[i] - median);
    }
    Arrays.sort(away);
    double mad = quantile(away, 0.5);
    return new Spread(median, Math.max(floor, Math.max(MAD_TO_SIGMA * mad, IQR_TO_SIGMA * iqr)));
  }

  /** Centre and scale; the scale is never 0. */
  record Spread(double median, double scale) {
    double z(double value) {
      return (value - median) / scale;
    }
  }
}
