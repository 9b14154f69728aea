package dev.watchtower.ingest.query;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The functions over a range of one series. Each follows promql/functions.go of Prometheus 3. Empty
 * means: no result for this series.
 */
final class RangeFunctions {
  /** What minimum, maximum, sum, count and last of a minute do not tell. */
  private static final Set<Function> NEEDS_SAMPLES =
      EnumSet.of(
          Function.CHANGES,
          Function.RESETS,
          Function.MAD_OVER_TIME,
          Function.HOLT_WINTERS,
          Function.DOUBLE_EXPONENTIAL_SMOOTHING,
          Function.QUANTILE_OVER_TIME,
          Function.STDVAR_OVER_TIME,
          Function.STDDEV_OVER_TIME);

  private RangeFunctions() {}

  /**
   * The value of a function over a window.
   *
   * @param at the instant that is evaluated, which an offset does not move
   * @param parameters the scalar arguments where the function has some
   * @throws QueryException if a parameter is out of its range
   */
  static OptionalDouble apply(Function function, Window w, long at, List<Double> parameters) {
    if (w.isRolled() && NEEDS_SAMPLES.contains(function)) {
      throw QueryException.execution(
          function.word()
              + " needs the samples themselves; that far back only minimum, maximum, sum, count and"
              + " last of each minute or hour are kept");
    }
    return switch (function) {
      case RATE -> extrapolated(w, true, true);
      case INCREASE -> extrapolated(w, true, false);
      case DELTA -> extrapolated(w, false, false);
      case IRATE -> instant(w, true);
      case IDELTA -> instant(w, false);
      case DERIV ->
          w.size() < 2 ? OptionalDouble.empty() : OptionalDouble.of(line(w, w.time(0))[0]);
      case PREDICT_LINEAR -> predicted(w, at, parameters.getFirst());
      case CHANGES -> OptionalDouble.of(changes(w));
      case RESETS -> OptionalDouble.of(resets(w));
      case AVG_OVER_TIME ->
          OptionalDouble.of(
              w.isRolled()
                  ? Statistics.sum(w.copiedSums()) / w.samples()
                  : Statistics.mean(w.copied()));
      case MIN_OVER_TIME -> OptionalDouble.of(extreme(w, false));
      case MAX_OVER_TIME -> OptionalDouble.of(extreme(w, true));
      case SUM_OVER_TIME ->
          OptionalDouble.of(Statistics.sum(w.isRolled() ? w.copiedSums() : w.copied()));
      case COUNT_OVER_TIME -> OptionalDouble.of(w.samples());
      case LAST_OVER_TIME -> OptionalDouble.of(w.last());
      case PRESENT_OVER_TIME -> OptionalDouble.of(1);
      case QUANTILE_OVER_TIME ->
          OptionalDouble.of(Statistics.quantile(parameters.getFirst(), w.copied()));
      case STDVAR_OVER_TIME -> OptionalDouble.of(Statistics.variance(w.copied()));
      case STDDEV_OVER_TIME -> OptionalDouble.of(Math.sqrt(Statistics.variance(w.copied())));
      case MAD_OVER_TIME -> OptionalDouble.of(medianDeviation(w));
      case HOLT_WINTERS, DOUBLE_EXPONENTIAL_SMOOTHING ->
          smoothed(w, parameters.get(0), parameters.get(1));
      default -> throw new IllegalStateException(function + " is no function over a range");
    };
  }

  /**
   * What a counter or gauge changed by, extrapolated to the ends of the range: the first and last
   * sample seldom lie there. It is extended to an end when the gap is below 1.1 average sample
   * intervals, else by half an interval; a counter never below zero.
   */
  private static OptionalDouble extrapolated(Window w, boolean counter, boolean perSecond) {
    if (w.size() < 2) {
      return OptionalDouble.empty();
    }
    double change = w.last() - w.value(0);
    if (counter) {
      for (int i = 1; i < w.size(); i++) {
        // Of a bucket the smallest value tells of a reset that the last one hides.
        if (w.min(i) < w.value(i - 1)) {
          change += w.value(i - 1);
        }
      }
    }
    double toStart = (w.time(0) - w.from()) / 1000.0;
    double toEnd = (w.to() - w.time(w.size() - 1)) / 1000.0;
    double sampled = (w.time(w.size() - 1) - w.time(0)) / 1000.0;
    double interval = sampled / (w.size() - 1);
    double threshold = interval * 1.1;
    if (toStart >= threshold) {
      toStart = interval / 2;
    }
    if (counter && change > 0 && w.value(0) >= 0) {
      toStart = Math.min(toStart, sampled * (w.value(0) / change));
    }
    if (toEnd >= threshold) {
      toEnd = interval / 2;
    }
    double factor = (sampled + toStart + toEnd) / sampled;
    if (perSecond) {
      factor /= (w.to() - w.from()) / 1000.0;
    }
    return OptionalDouble.of(change * factor);
  }

  /**
   * What a counter rose by at the samples of the window, each compared with the one before it, also
   * if that lies before the window. The first of a series counts for nothing.
   *
   * @param reach how far before the window that may be, milliseconds
   */
  static OptionalDouble counted(Window w, long reach) {
    int first = w.isLed(reach) ? 0 : 1;
    if (first == w.size()) {
      return OptionalDouble.empty();
    }
    double rise = 0;
    for (int i = first; i < w.size(); i++) {
      double before = w.value(i - 1);
      // After a reset it has risen from zero.
      rise += w.min(i) < before ? w.value(i) : w.value(i) - before;
    }
    return OptionalDouble.of(rise);
  }

  private static OptionalDouble instant(Window w, boolean rate) {
    if (w.size() < 2) {
      return OptionalDouble.empty();
    }
    double last = w.last();
    double previous = w.value(w.size() - 2);
    double change = rate && last < previous ? last : last - previous;
    if (!rate) {
      return OptionalDouble.of(change);
    }
    long interval = w.time(w.size() - 1) - w.time(w.size() - 2);
    return interval == 0 ? OptionalDouble.empty() : OptionalDouble.of(change / (interval / 1000.0));
  }

  private static OptionalDouble predicted(Window w, long at, double secondsAhead) {
    if (w.size() < 2) {
      return OptionalDouble.empty();
    }
    double[] line = line(w, at);
    return OptionalDouble.of(line[0] * secondsAhead + line[1]);
  }

  /** How far values usually are from the median: the median of the distances. */
  private static double medianDeviation(Window w) {
    double median = Statistics.quantile(0.5, w.copied());
    double[] distances = w.copied();
    for (int i = 0; i < distances.length; i++) {
      distances[i] = Math.abs(distances[i] - median);
    }
    return Statistics.quantile(0.5, distances);
  }

  /** Holt's double exponential smoothing: of the level and of the trend. */
  private static OptionalDouble smoothed(Window w, double level, double trend) {
    if (!(level > 0 && level < 1)) {
      throw QueryException.badData("invalid smoothing factor. Expected: 0 < sf < 1, got: " + level);
    }
    if (!(trend > 0 && trend < 1)) {
      throw QueryException.badData("invalid trend factor. Expected: 0 < tf < 1, got: " + trend);
    }
    if (w.size() < 2) {
      return OptionalDouble.empty();
    }
    double before = 0;
    double now = w.value(0);
    double rise = w.value(1) - w.value(0);
    for (int i = 1; i < w.size(); i++) {
      if (i > 1) {
        rise = trend * (now - before) + (1 - trend) * rise;
      }
      double next = level * w.value(i) + (1 - level) * (now + rise);
      before = now;
      now = next;
    }
    return OptionalDouble.of(now);
  }

  /** Least squares: slope a second, and the value at an instant. */
  private static double[] line(Window w, long at) {
    double n = w.size();
    double sumX = 0;
    double sumY = 0;
    double sumXY = 0;
    double sumX2 = 0;
    boolean constant = true;
    for (int i = 0; i < w.size(); i++) {
      double x = (w.time(i) - at) / 1000.0;
      constant &= w.value(i) == w.value(0);
      sumX += x;
      sumY += w.value(i);
      sumXY += x * w.value(i);
      sumX2 += x * x;
    }
    if (constant) {
      return new double[] {Double.isInfinite(w.value(0)) ? Double.NaN : 0, w.value(0)};
    }
    double covXY = sumXY - sumX * sumY / n;
    double varX = sumX2 - sumX * sumX / n;
    double slope = covXY / varX;
    return new double[] {slope, sumY / n - slope * sumX / n};
  }

  private static int changes(Window w) {
    int changes = 0;
    for (int i = 1; i < w.size(); i++) {
      boolean bothNaN = Double.isNaN(w.value(i)) && Double.isNaN(w.value(i - 1));
      if (w.value(i) != w.value(i - 1) && !bothNaN) {
        changes++;
      }
    }
    return changes;
  }

  private static int resets(Window w) {
    int resets = 0;
    for (int i = 1; i < w.size(); i++) {
      if (w.value(i) < w.value(i - 1)) {
        resets++;
      }
    }
    return resets;
  }

  /** The largest or smallest value; NaN only when there is nothing else. */
  private static double extreme(Window w, boolean largest) {
    double best = largest ? w.max(0) : w.min(0);
    for (int i = 1; i < w.size(); i++) {
      double value = largest ? w.max(i) : w.min(i);
      if (Double.isNaN(best) || (largest ? value > best : value < best)) {
        best = value;
      }
    }
    return best;
  }
}
