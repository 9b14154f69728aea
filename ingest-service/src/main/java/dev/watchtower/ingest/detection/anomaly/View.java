package dev.watchtower.ingest.detection.anomaly;

/** One way to look at recent values: its memory of patterns and how far they usually were. */
final class View {
  private static final double HORIZON = 20_000;

  private final float[] pattern;
  private final Memory memory;
  private final TailDistribution distances = new TailDistribution(HORIZON);
  private double distance;

  View(int dimensions, Memory memory) {
    this.pattern = new float[dimensions];
    this.memory = memory;
  }

  /** Looks at a pattern. */
  void see(double... features) {
    for (int i = 0; i < pattern.length; i++) {
      pattern[i] = (float) features[i];
    }
    distance = memory.distance(pattern);
  }

  /** How unusual the pattern is: the negative decimal logarithm of a tail probability. */
  double surprise() {
    return distances.surprise(distance);
  }

  /**
   * Remembers the pattern.
   *
   * @param distances whether the distance too tells what is usual
   */
  void learn(boolean distances) {
    memory.learn(pattern, distance);
    if (distances) {
      this.distances.add(distance);
    }
  }

  /** Saves or loads it, but for the pattern that was seen last. */
  void exchange(ModelState state) {
    memory.exchange(state);
    distances.exchange(state);
  }
}
