package dev.watchtower.ingest.detection.anomaly;

/** The usual value at each part of a period, such as a day; known from the second round on. */
final class SeasonProfile {
  /** The newest round counts at least so much. */
  private static final double LEARNT = 0.25;

  private final long period;
  private final float[] usual;
  private final byte[] rounds;
  private int part = -1;
  private double sum;
  private int values;
  private double error;
  private int guesses;

  /**
   * Empty.
   *
   * @param period milliseconds
   * @param parts of the period, each with a usual value
   */
  SeasonProfile(long period, int parts) {
    this.period = period;
    this.usual = new float[parts];
    this.rounds = new byte[parts];
  }

  /** Whether that time of the period has been seen before. */
  boolean knows(long millis) {
    return rounds[part(millis)] > 0;
  }

  /** The usual value at a time that it knows, between those of the two nearest parts. */
  double usual(long millis) {
    double away = Math.abs(place(millis) - part(millis) - 0.5);
    double here = usual[part(millis)];
    return here + (beside(millis) - here) * away;
  }

  /**
   * How far a value is from all between the usual ones of the two nearest parts, so that a steep
   * slope is no surprise.
   */
  double distance(long millis, double value) {
    double here = usual[part(millis)];
    double beside = beside(millis);
    return value - Math.clamp(value, Math.min(here, beside), Math.max(here, beside));
  }

  private double place(long millis) {
    return Math.floorMod(millis, period) * (double) usual.length / period;
  }

  /** The usual value of the part before or after, whichever is nearer in time and known. */
  private double beside(long millis) {
    int here = part(millis);
    int step = place(millis) - here < 0.5 ? -1 : 1;
    int beside = Math.floorMod(here + step, usual.length);
    return usual[rounds[beside] == 0 ? here : beside];
  }

  /** How far its guesses were off of late. */
  double error() {
    return error;
  }

  /** How many values it has guessed. */
  int guesses() {
    return guesses;
  }

  /**
   * Learns what a guess was off.
   *
   * @param rate how much the newest error counts once there are many
   */
  void miss(double distance, double rate) {
    guesses++;
    error += (distance - error) * Math.max(rate, 1.0 / guesses);
  }

  /** Learns a value. A part takes it in when it is over. */
  void learn(long millis, double value) {
    int next = part(millis);
    if (next != part) {
      if (values > 0) {
        double mean = sum / values;
        usual[part] +=
            (float) ((mean - usual[part]) * Math.max(LEARNT, 1.0 / (rounds[part] + 1.0)));
        rounds[part] = (byte) Math.min(rounds[part] + 1, Byte.MAX_VALUE);
      }
      part = next;
      sum = 0;
      values = 0;
    }
    sum += value;
    values++;
  }

  /** Saves or loads it. */
  void exchange(ModelState state) {
    part = state.exchange(part, -1, usual.length - 1);
    values = state.exchange(values, 0, part < 0 ? 0 : Integer.MAX_VALUE - 1);
    guesses = state.exchange(guesses, 0, Integer.MAX_VALUE - 1);
    sum = state.exchange(sum);
    error = state.exchange(error);
    state.exchange(usual);
    state.exchange(rounds);
  }

  private int part(long millis) {
    return (int) (Math.floorMod(millis, period) * usual.length / period);
  }
}
