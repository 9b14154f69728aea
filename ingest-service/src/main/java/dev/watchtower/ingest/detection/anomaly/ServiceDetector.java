package dev.watchtower.ingest.detection.anomaly;

import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Detects anomalies of a service from several metrics: each has its own detector, and they are
 * taken together as those of a watched service's golden signals are. For one thread.
 */
public final class ServiceDetector {
  private final SeriesDetector[] detectors;
  private final JointSurprise joint = new JointSurprise();

  /** Detectors for so many metrics. */
  public ServiceDetector(int metrics) {
    detectors = Stream.generate(SeriesDetector::new).limit(metrics).toArray(SeriesDetector[]::new);
  }

  /** Takes one value of every metric; NaN where there is none. */
  public void observe(long millis, double[] values) {
    for (int i = 0; i < detectors.length; i++) {
      detectors[i].observe(millis, values[i]);
    }
    joint.look(Arrays.stream(detectors).mapToDouble(SeriesDetector::contribution).toArray(), true);
  }

  /** Whether it is among the least usual hundredth of its own past now. */
  public boolean isUnusual() {
    return joint.isUnusual();
  }

  /** How unusual it is beside these others, 0 to 1. */
  public double score(Others others) {
    return joint.score(others.share());
  }
}
