package dev.watchtower.ingest.detection.anomaly;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Detects anomalies of a service from several metrics: each has its own detector, and the service
 * is anomalous where some of them are surprising together. One metric alone, however strange,
 * weighs less than several that agree. For one thread.
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

  private static final int AGREEING = 5;
  private static final double USUAL = 3;

  private final List<SeriesDetector> detectors;

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
    double[] surprises = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      Reading reading = detectors.get(i).observe(millis, values[i]);
      readings.add(reading);
      surprises[i] = reading.surprise();
    }
    Arrays.sort(surprises);
    double sum = 0;
    int taken = Math.min(AGREEING, surprises.length);
    for (int i = 0; i < taken; i++) {
      sum += surprises[surprises.length - 1 - i];
    }
    double mean = taken == 0 ? 0 : sum / taken;
    return new Joint(mean / (mean + USUAL), readings);
  }
}
