package dev.watchtower.ingest.query;

import java.util.Arrays;

/** Sums and quantiles as Prometheus computes them; none of the arrays is empty. */
final class Statistics {
  private Statistics() {}

  /** Kahan–Neumaier summation, so that the order of series hardly matters. */
  static double sum(double[] values) {
    double sum = 0;
    double compensation = 0;
    for (double value : values) {
      double next = sum + value;
      if (Double.isInfinite(next)) {
        compensation = 0;
      } else if (Math.abs(sum) >= Math.abs(value)) {
        compensation += (sum - next) + value;
      } else {
        compensation += (value - next) + sum;
      }
      sum = next;
    }
    return Double.isInfinite(sum) ? sum : sum + compensation;
  }

  /** The mean; computed step by step where the sum would overflow. */
  static double mean(double[] values) {
    double sum = sum(values);
    if (!Double.isInfinite(sum)) {
      return sum / values.length;
    }
    double mean = 0;
    for (int i = 0; i < values.length; i++) {
      if (Double.isInfinite(mean) && (Double.isInfinite(values[i]) && mean > 0 == values[i] > 0)) {
        continue;
      }
      if (Double.isInfinite(mean) && !Double.isInfinite(values[i]) && !Double.isNaN(values[i])) {
        continue;
      }
      mean += values[i] / (i + 1) - mean / (i + 1);
    }
    return mean;
  }

  /** The variance over the whole population. */
  static double variance(double[] values) {
    double mean = mean(values);
    double[] squares = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      squares[i] = (values[i] - mean) * (values[i] - mean);
    }
    return sum(squares) / values.length;
  }

  /**
   * The quantile with linear interpolation between ranks; NaN sorts lowest; the array is sorted.
   */
  static double quantile(double q, double[] values) {
    if (Double.isNaN(q)) {
      return Double.NaN;
    }
    if (q < 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (q > 1) {
      return Double.POSITIVE_INFINITY;
    }
    sortNaNFirst(values);
    double rank = q * (values.length - 1);
    int lower = (int) Math.max(0, Math.floor(rank));
    int upper = Math.min(values.length - 1, lower + 1);
    double weight = rank - Math.floor(rank);
    return values[lower] * (1 - weight) + values[upper] * weight;
  }

  private static void sortNaNFirst(double[] values) {
    Arrays.sort(values);
    int nans = 0;
    for (int i = values.length - 1; i >= 0 && Double.isNaN(values[i]); i--) {
      nans++;
    }
    if (nans > 0) {
      System.arraycopy(values, 0, values, nans, values.length - nans);
      Arrays.fill(values, 0, nans, Double.NaN);
    }
  }
}
