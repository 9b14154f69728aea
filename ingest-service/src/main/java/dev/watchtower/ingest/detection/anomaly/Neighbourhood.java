package dev.watchtower.ingest.detection.anomaly;

/** A value and those before it, in the metric's unit and relative to what is usual. */
final class Neighbourhood {
  /** Shorter and longer halves that are compared, in values: 1 with the one before, 2 with 2, … */
  static final int SCALES = 6;

  private static final int FOUR = 2;
  private static final int SIXTEEN = 4;
  private static final int SIXTY_FOUR = 6;
  private static final int LONGEST = 7;
  private static final int STEPS = 8;

  private final MovingWindow values;
  private final MovingWindow offsets;
  private final MovingWindow moves;
  private final MovingWindow unseasonal;
  private double newest = Double.NaN;
  private int repeats;

  /** Empty. */
  Neighbourhood() {
    this(
        new MovingWindow(256, 1, 2, 4, 8, 16, 32, 64, 192),
        new MovingWindow(128, 1, 4, 16, 64),
        new MovingWindow(128, 16, 64),
        new MovingWindow(32, 4, 16));
  }

  private Neighbourhood(
      MovingWindow values, MovingWindow offsets, MovingWindow moves, MovingWindow unseasonal) {
    this.values = values;
    this.offsets = offsets;
    this.moves = moves;
    this.unseasonal = unseasonal;
  }

  /** The same values once more. */
  Neighbourhood copy() {
    Neighbourhood copy =
        new Neighbourhood(values.copy(), offsets.copy(), moves.copy(), unseasonal.copy());
    copy.newest = newest;
    copy.repeats = repeats;
    return copy;
  }

  /** Takes over the values of another one. */
  void set(Neighbourhood other) {
    values.set(other.values);
    offsets.set(other.offsets);
    moves.set(other.moves);
    unseasonal.set(other.unseasonal);
    newest = other.newest;
    repeats = other.repeats;
  }

  /**
   * Takes the next value.
   *
   * @param level the usual value
   * @param spread the usual distance from it
   * @param scale the usual distance from what is expected
   * @param distance from what is usual at this time, in usual distances
   */
  void add(double value, double level, double spread, double scale, double distance) {
    repeats = value == newest ? repeats + 1 : 0;
    newest = value;
    values.add(value);
    offsets.add((value - level) / spread);
    moves.add(Math.abs(value - ago(1)) / scale);
    unseasonal.add(distance);
  }

  /** The newest value. */
  double value() {
    return values.ago(0);
  }

  /** The value so many steps before the newest. */
  double ago(int steps) {
    return values.ago(steps);
  }

  double mean4() {
    return values.mean(FOUR);
  }

  double mean16() {
    return values.mean(SIXTEEN);
  }

  double mean64() {
    return values.mean(SIXTY_FOUR);
  }

  double mean192() {
    return values.mean(LONGEST);
  }

  /** The mean over the newest two to the power of {@code scale} values. */
  double newer(int scale) {
    return values.mean(scale);
  }

  /** The mean over as many values before those of {@link #newer}. */
  double older(int scale) {
    return 2 * values.mean(scale + 1) - values.mean(scale);
  }

  /**
   * The means over as many values each, the newest first.
   *
   * @param blocks what is filled; so many values of it must be remembered
   */
  void blocks(double[] blocks, int length) {
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = values.mean(i * length, length);
    }
  }

  /** How often in a row the newest value has been the same as the one before. */
  int repeats() {
    return repeats;
  }

  /** The mean distance from what is usual at this time over 4 (0) or 16 (1) values. */
  double unseasonal(int index) {
    return unseasonal.mean(index);
  }

  /** The mean size of the last steps from value to value. */
  double steps() {
    double sum = 0;
    for (int i = 0; i < STEPS; i++) {
      sum += Math.abs(ago(i) - ago(i + 1));
    }
    return sum / STEPS;
  }

  /** The mean distance from the level over 1, 4, 16 or 64 values, in usual distances. */
  double offset(int index) {
    return offsets.mean(index);
  }

  /** The mean size of steps over 16 (0) or 64 (1) values, in usual distances from the expected. */
  double moves(int index) {
    return moves.mean(index);
  }

  /** Saves or loads it. */
  void exchange(ModelState state) {
    values.exchange(state);
    offsets.exchange(state);
    moves.exchange(state);
    unseasonal.exchange(state);
    newest = state.exchangeAny(newest);
    repeats = state.exchange(repeats, 0, Integer.MAX_VALUE - 1);
  }
}
