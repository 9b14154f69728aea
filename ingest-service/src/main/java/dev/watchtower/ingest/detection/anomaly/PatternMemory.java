package dev.watchtower.ingest.detection.anomaly;

import java.util.Arrays;

/**
 * Patterns seen so far, as a bounded set of prototypes: what lies further from all of them than the
 * radius becomes one itself. When they are too many the radius grows and near ones are merged. This
 * is leader clustering (Hartigan 1975), the growing of categories in adaptive resonance theory
 * (Carpenter, Grossberg 1987) without its learning rule.
 */
final class PatternMemory implements Memory {
  private static final double FIRST_RADIUS = 0.02;
  private static final double GROWTH = 1.15;

  private final int capacity;
  private final int dimensions;
  private float[] prototypes;
  private int size;
  private double radius = FIRST_RADIUS;

  PatternMemory(int capacity, int dimensions) {
    this.capacity = capacity;
    this.dimensions = dimensions;
    this.prototypes = new float[8 * dimensions];
  }

  /** The distance to the nearest pattern, as the root of the mean square over the dimensions. */
  @Override
  public double distance(float[] pattern) {
    if (size == 0) {
      return 0;
    }
    return Math.sqrt((dimensions == 4 ? nearestOfFour(pattern) : nearest(pattern)) / dimensions);
  }

  private double nearest(float[] pattern) {
    double nearest = Double.MAX_VALUE;
    for (int at = 0; at < size * dimensions; at += dimensions) {
      double sum = 0;
      for (int j = 0; j < dimensions && sum < nearest; j++) {
        double difference = pattern[j] - prototypes[at + j];
        sum += difference * difference;
      }
      nearest = Math.min(nearest, sum);
    }
    return nearest;
  }

  /** The same for most patterns there are, without an inner loop: this is where the time goes. */
  private double nearestOfFour(float[] pattern) {
    double a = pattern[0];
    double b = pattern[1];
    double c = pattern[2];
    double d = pattern[3];
    double nearest = Double.MAX_VALUE;
    for (int at = 0; at < size * 4; at += 4) {
      double da = a - prototypes[at];
      double db = b - prototypes[at + 1];
      double dc = c - prototypes[at + 2];
      double dd = d - prototypes[at + 3];
      nearest = Math.min(nearest, (da * da + db * db) + (dc * dc + dd * dd));
    }
    return nearest;
  }

  @Override
  public void learn(float[] pattern, double distance) {
    if (size > 0 && distance <= radius) {
      return;
    }
    while (size == capacity) {
      merge();
    }
    if ((size + 1) * dimensions > prototypes.length) {
      prototypes = Arrays.copyOf(prototypes, Math.min(2 * size, capacity) * dimensions);
    }
    System.arraycopy(pattern, 0, prototypes, size * dimensions, dimensions);
    size++;
  }

  private void merge() {
    while (size > capacity * 9 / 10) {
      radius *= GROWTH;
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (apart(i, kept)) {
          System.arraycopy(prototypes, i * dimensions, prototypes, kept * dimensions, dimensions);
          kept++;
        }
      }
      size = kept;
    }
  }

  private boolean apart(int candidate, int kept) {
    double least = radius * radius * dimensions;
    for (int i = 0; i < kept; i++) {
      double sum = 0;
      for (int j = 0; j < dimensions; j++) {
        double difference = prototypes[candidate * dimensions + j] - prototypes[i * dimensions + j];
        sum += difference * difference;
      }
      // Also what is no number: else there might be too many for ever.
      if (!(sum >= least)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void exchange(ModelState state) {
    radius = state.exchange(radius);
    state.require(radius >= FIRST_RADIUS, "a radius is too small");
    size = state.exchange(size, 0, capacity);
    if (prototypes.length < dimensions * size) {
      prototypes = new float[dimensions * size];
    }
    state.exchange(prototypes, dimensions * size);
  }
}
