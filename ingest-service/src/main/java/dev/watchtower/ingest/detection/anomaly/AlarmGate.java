package dev.watchtower.ingest.detection.anomaly;

/**
 * Makes alarms of surprise. After an alarm it rests, and only what is clearly stronger breaks the
 * rest; each alarm also tires it for a longer while, so that a metric which surprises often has to
 * surprise more.
 */
final class AlarmGate {
  private static final double THRESHOLD = 3.2;
  private static final int REST = 250;
  private static final double CLEARLY_STRONGER = 3;
  private static final double TIRED_BY = 0.4;
  private static final double RECOVERY = 1 - 1 / 8000.0;
  private static final double AT_REST = 0.45;

  private double fatigue;
  private double alarmed;
  private int rest;

  /** The score, 0 to 1, of a surprise: {@link Reading#ALARM} and more is an alarm. */
  double pass(double surprise) {
    fatigue *= RECOVERY;
    double level = Math.max(0, surprise - fatigue);
    if (rest > 0) {
      rest--;
      if (surprise <= alarmed + CLEARLY_STRONGER) {
        return score(Math.min(level, THRESHOLD * 0.9) * AT_REST);
      }
      level = Math.max(level, THRESHOLD);
    } else if (level < THRESHOLD) {
      return score(level);
    }
    rest = REST;
    alarmed = surprise;
    fatigue += TIRED_BY;
    return score(level);
  }

  private static double score(double level) {
    return level / (level + THRESHOLD);
  }
}
