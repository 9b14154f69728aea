package dev.watchtower.ingest.detection.change;

import java.util.Arrays;

/**
 * Values of a window, summed up so that single outliers count for nothing.
 *
 * @param median 0 without any values
 * @param deviation the median absolute deviation × 1.4826, which is the standard deviation where
 *     values are normally distributed
 * @param points how many values there are
 */
public record Spread(double median, double deviation, int points) {
  private static final double NORMAL = 1.4826;

  /** Of those values. */
  static Spread of(double[] values) {
    if (values.length == 0) {
      return new Spread(0, 0, 0);
    }
    double median = median(values);
    double[] distances = Arrays.stream(values).map(v -> Math.abs(v - median)).toArray();
    return new Spread(median, median(distances) * NORMAL, values.length);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
