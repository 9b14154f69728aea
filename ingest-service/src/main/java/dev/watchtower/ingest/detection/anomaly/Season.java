package dev.watchtower.ingest.detection.anomaly;

/**
 * How far values are from what is usual at this time of the day or of the week, whichever has been
 * the better guess of late. It says something from the second day on, and only of a metric that has
 * such a rhythm: where the mean of three days is as good a guess it keeps still. That is how a day
 * is noticed that does not come.
 */
final class Season {
  private static final long DAY = 86_400_000;
  private static final int QUARTERS = 96;
  private static final int HOURS = 7 * 24;

  /** A rhythm is one whose error is at most so much of that of the mean. */
  private static final double RHYTHM = 0.8;

  private static final double MEAN_DAYS = 3;
  private static final double ERROR_DAYS = 1.5;

  /** Days of guesses before distances tell what is usual, and before it says something. */
  private static final double LEARN_DAYS = 0.25;

  private static final double SPEAK_DAYS = 0.5;
  private static final double FARTHEST = 30;
  private static final double OUTLIER = 5;
  private static final double HORIZON = 6_000;

  private final SeasonProfile day = new SeasonProfile(DAY, QUARTERS);
  private final SeasonProfile week = new SeasonProfile(7 * DAY, HOURS);
  private final TailDistribution[] tails = {
    new TailDistribution(HORIZON), new TailDistribution(HORIZON)
  };
  private double valuesPerDay = 1;
  private SeasonProfile profile = day;
  private double mean;
  private double meanError;
  private boolean knows;
  private boolean weekly;
  private long count;

  /**
   * Guesses the value at that time.
   *
   * @param step the usual time between values in milliseconds
   */
  void guess(long millis, double step) {
    valuesPerDay = DAY / Math.max(1, step);
    knows = day.knows(millis);
    if (!knows) {
      return;
    }
    weekly = week.knows(millis);
    boolean better = weekly && week.guesses() > valuesPerDay && week.error() < day.error();
    profile = better ? week : day;
  }

  /**
   * How far the value at the time that was asked about is from the guess, in usual distances; 0
   * where there is no guess.
   *
   * @param floor a difference that does not matter
   */
  double distance(long millis, double value, double floor) {
    return knows
        ? Math.clamp(
            profile.distance(millis, value) / (profile.error() + floor), -FARTHEST, FARTHEST)
        : 0;
  }

  /** How surprising the mean distances over 4 and over 16 values are, the less surprising one. */
  double surprise(Neighbourhood near) {
    boolean speaks =
        day.guesses() > SPEAK_DAYS * valuesPerDay && profile.error() < RHYTHM * meanError;
    return knows && speaks
        ? Math.min(
            tails[0].surprise(Math.abs(near.unseasonal(0))),
            tails[1].surprise(Math.abs(near.unseasonal(1))))
        : 0;
  }

  /** Learns the value that was guessed. Outliers are clipped to the spread. */
  void learn(long millis, double value, Neighbourhood near, double spread, double floor) {
    if (knows) {
      if (day.guesses() > LEARN_DAYS * valuesPerDay) {
        tails[0].add(Math.abs(near.unseasonal(0)));
        tails[1].add(Math.abs(near.unseasonal(1)));
      }
      double most = OUTLIER * spread + floor;
      double rate = 1 / (ERROR_DAYS * valuesPerDay);
      day.miss(Math.min(Math.abs(value - day.usual(millis)), most), rate);
      if (weekly) {
        week.miss(Math.min(Math.abs(value - week.usual(millis)), most), rate);
      }
      double away = Math.min(Math.abs(value - mean), most);
      meanError += (away - meanError) * Math.max(rate, 1.0 / day.guesses());
    }
    day.learn(millis, value);
    week.learn(millis, value);
    mean += (value - mean) * Math.max(1 / (MEAN_DAYS * valuesPerDay), 1.0 / ++count);
  }

  /** Saves or loads it; what a guess leaves behind is not needed for the next. */
  void exchange(ModelState state) {
    count = state.exchangeCount(count);
    mean = state.exchange(mean);
    meanError = state.exchange(meanError);
    for (TailDistribution tail : tails) {
      tail.exchange(state);
    }
    day.exchange(state);
    week.exchange(state);
  }
}
