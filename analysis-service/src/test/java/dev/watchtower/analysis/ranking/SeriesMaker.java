package dev.watchtower.analysis.ranking;

import java.time.Instant;
import java.util.Random;
import java.util.function.IntToDoubleFunction;

/** Hand-made series: a point a second, 600 quiet ones and then 120 to be suspicious of. */
public final class SeriesMaker {
  public static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  public static final int QUIET = 600;
  public static final int SUSPECT = 120;
  public static final Window WINDOW =
      new Window(START, START.plusSeconds(QUIET), START.plusSeconds(QUIET + SUSPECT - 1));

  private SeriesMaker() {}

  /** The instant of the second {@code at} of the suspect part. */
  public static Instant second(int at) {
    return START.plusSeconds(QUIET + at);
  }

  /**
   * A series of {@code quiet} with noise; from second {@code from} of the suspect part {@code bad}.
   */
  public static Series step(
      String service, String metric, double quiet, double noise, int from, double bad) {
    var random = new Random(service.hashCode() * 31L + metric.hashCode());
    return of(
        service, metric, i -> (i >= QUIET + from ? bad : quiet) + noise * random.nextGaussian());
  }

  /** A series that stays as it is. */
  public static Series calm(String service, String metric, double level, double noise) {
    return step(service, metric, level, noise, SUSPECT, level);
  }

  /** A series by its values. */
  public static Series of(String service, String metric, IntToDoubleFunction value) {
    long[] millis = new long[QUIET + SUSPECT];
    double[] values = new double[millis.length];
    for (int i = 0; i < millis.length; i++) {
      millis[i] = START.plusSeconds(i).toEpochMilli();
      values[i] = value.applyAsDouble(i);
    }
    return new Series(service, metric, millis, values, Series.Unit.GOLDEN);
  }
}
