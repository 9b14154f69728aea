package dev.watchtower.ingest.detection.anomaly;

/**
 * Makes alarms of surprise. After an alarm it rests, and only what is clearly stronger breaks the
 * rest; each alarm also tires it for a longer while, so that a metric which surprises often has to
 * surprise more.
 */
final class AlarmGate {
  private static final double THRESHOLD = 3.0;
  private static final int LONGEST_REST = 160;
  private static final int SHORTEST_REST = 20;

  /** Where values are rare it rests for so long, and not for so many values. */
  private static final double REST_MILLIS = 30 * 3_600_000.0;

  private static final double CLEARLY_STRONGER = 3;
  private static final double TIRED_BY = 0.15;
  private static final double RECOVERY = 1 - 1 / 20_000.0;
  private static final double AT_REST = 0.45;

  /** How much more it takes at the very beginning, when hardly anything is known to be usual. */
  private static final double DOUBT = 3;

  /** Doubt is down to a third after so many values. */
  private static final double DOUBT_LASTS = 100;

  /** So many values, five minutes at 5 s, are enough to know again how things are. */
  private static final int SETTLING = 60;

  /** No surprise is as strong. */
  private static final double ANYTHING = 1e9;

  private double doubt = DOUBT;
  private double fatigue = TIRED_BY;
  private double alarmed;
  private int rest;

  /**
   * The score, 0 to 1, of a surprise: {@link Reading#ALARM} and more is an alarm.
   *
   * @param step the usual time between values in milliseconds; 0 where it is not known
   */
  double pass(double surprise, double step) {
    fatigue *= RECOVERY;
    doubt -= doubt / DOUBT_LASTS;
    double level = Math.max(0, surprise - fatigue - doubt);
    if (rest > 0) {
      rest--;
      if (surprise <= alarmed + CLEARLY_STRONGER) {
        return score(Math.min(level, THRESHOLD * 0.9) * AT_REST);
      }
      level = Math.max(level, THRESHOLD);
    } else if (level < THRESHOLD) {
      return score(level);
    }
    rest =
        step > 0 ? (int) Math.clamp(REST_MILLIS / step, SHORTEST_REST, LONGEST_REST) : LONGEST_REST;
    alarmed = surprise;
    fatigue += TIRED_BY;
    return score(level);
  }

  /** Ends the rest: what alarmed is over, and the same again is another alarm. */
  void wake() {
    rest = 0;
  }

  /** Nothing alarms for a while: what was missed makes the next values look odd. */
  void rest() {
    rest = SETTLING;
    alarmed = ANYTHING;
  }

  /** Saves or loads it. */
  void exchange(ModelState state) {
    doubt = state.exchange(doubt);
    fatigue = state.exchange(fatigue);
    alarmed = state.exchange(alarmed);
    rest = state.exchange(rest, 0, LONGEST_REST);
  }

  /** The score of a surprise by itself. */
  static double score(double level) {
    return level / (level + THRESHOLD);
  }
}
