package dev.watchtower.ingest.detection.anomaly;

import java.util.Arrays;

/**
 * Categories of patterns as boxes, as in fuzzy adaptive resonance theory (Carpenter, Grossberg,
 * Rosen 1991): a pattern inside of a box is known; one outside widens the box that it is nearest
 * to, as long as the box stays small enough, and founds a box of its own otherwise. Few wide boxes
 * say nothing about what is usual and much about what is not: they complement the many points of a
 * {@link PatternMemory}.
 */
final class CategoryMemory implements Memory {
  private final int capacity;
  private final int dimensions;

  /** How wide a box may be, as the sum over the dimensions. */
  private final double widest;

  /** The lower corner of every box, followed by its upper one. */
  private float[] corners;

  private int size;

  /** The box that {@link #distance} found fitting; negative when there was none. */
  private int fitting;

  private int nearest;

  /**
   * Empty.
   *
   * @param capacity of boxes; once there are so many, the nearest one is widened beyond the limit
   * @param width how wide a box may be on average over its dimensions
   */
  CategoryMemory(int capacity, int dimensions, double width) {
    this.capacity = capacity;
    this.dimensions = dimensions;
    this.widest = width * dimensions;
    this.corners = new float[4 * 2 * dimensions];
  }

  @Override
  public double distance(float[] pattern) {
    fitting = -1;
    nearest = 0;
    double least = Double.MAX_VALUE;
    double leastFitting = Double.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      int low = 2 * dimensions * i;
      int high = low + dimensions;
      double outside = 0;
      double width = 0;
      for (int j = 0; j < dimensions; j++) {
        double below = Math.max(0, corners[low + j] - pattern[j]);
        double above = Math.max(0, pattern[j] - corners[high + j]);
        outside += below + above;
        width += corners[high + j] - corners[low + j] + below + above;
      }
      if (outside < least) {
        least = outside;
        nearest = i;
      }
      if (width <= widest && outside < leastFitting) {
        leastFitting = outside;
        fitting = i;
      }
    }
    if (size == 0) {
      return 0;
    }
    return (fitting < 0 ? least : leastFitting) / dimensions;
  }

  @Override
  public void learn(float[] pattern, double distance) {
    if (fitting >= 0) {
      widen(fitting, pattern);
    } else if (size < capacity) {
      found(pattern);
    } else {
      widen(nearest, pattern);
    }
  }

  private void widen(int box, float[] pattern) {
    int low = 2 * dimensions * box;
    int high = low + dimensions;
    for (int j = 0; j < dimensions; j++) {
      corners[low + j] = Math.min(corners[low + j], pattern[j]);
      corners[high + j] = Math.max(corners[high + j], pattern[j]);
    }
  }

  private void found(float[] pattern) {
    int at = 2 * dimensions * size;
    if (at == corners.length) {
      corners = Arrays.copyOf(corners, Math.min(2 * size, capacity) * 2 * dimensions);
    }
    System.arraycopy(pattern, 0, corners, at, dimensions);
    System.arraycopy(pattern, 0, corners, at + dimensions, dimensions);
    size++;
  }

  @Override
  public void exchange(ModelState state) {
    size = state.exchange(size, 0, capacity);
    if (corners.length < 2 * dimensions * size) {
      corners = new float[2 * dimensions * size];
    }
    state.exchange(corners, 2 * dimensions * size);
  }
}
