package dev.watchtower.ingest.detection.anomaly;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Detects anomalies of a service from several metrics: each has its own detector, and the service
 * is anomalous where some of them are surprising together: a power mean of their surprise, so that
 * one metric alone, however strange, weighs less than several that agree. What is sudden counts
 * extra; what is only strange for the time of the day does not count, it lasts too long and all
 * metrics share it. What was is not over at once, but it is less than what is new: that keeps the
 * begin of an anomaly apart from its course. For one thread.
 */
public final class ServiceDetector {
  /**
   * What the metrics say together.
   *
   * @param score 0 to 1
   * @param readings by metric
   */
  public record Joint(double score, List<Reading> readings) {
    public Joint {
      readings = List.copyOf(readings);
    }
  }

  private static final double SUDDEN = 1.2;
  private static final double LASTING = 0.4;
  private static final double POWER = 2.5;
  private static final double REMAINS = 0.99;
  private static final double PAST = 0.75;
  private static final double USUAL = 3;

  private final List<SeriesDetector> detectors;
  private double held;

  /** Detectors for so many metrics. */
  public ServiceDetector(int metrics) {
    List<SeriesDetector> made = new ArrayList<>();
    for (int i = 0; i < metrics; i++) {
      made.add(new SeriesDetector());
    }
    detectors = Collections.unmodifiableList(made);
  }

  /** Takes one value of every metric; NaN where there is none. */
  public Joint observe(long millis, double[] values) {
    List<Reading> readings = new ArrayList<>(values.length);
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      SeriesDetector detector = detectors.get(i);
      Reading reading = detector.observe(millis, values[i]);
      readings.add(reading);
      double surprise =
          reading.surprise()
              - detector.seasonal()
              + SUDDEN * detector.sudden()
              + LASTING * detector.lasting();
      sum += Math.pow(Math.max(0, surprise), POWER);
    }
    double together = values.length == 0 ? 0 : Math.pow(sum / values.length, 1 / POWER);
    held = Math.max(together, held * REMAINS);
    double level = Math.max(together, held * PAST);
    return new Joint(level / (level + USUAL), readings);
  }
}
