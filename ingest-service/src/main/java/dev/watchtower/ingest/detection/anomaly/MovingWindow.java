package dev.watchtower.ingest.detection.anomaly;

/**
 * The last values, with their means over several lengths. Sums are made anew once a turn, so that
 * rounding errors do not add up.
 */
final class MovingWindow {
  private final int[] lengths;
  private final double[] sums;
  private final float[] ring;
  private long count;

  /**
   * Empty.
   *
   * @param capacity how many values it remembers, a power of two
   * @param lengths of the means, each below the capacity
   */
  MovingWindow(int capacity, int... lengths) {
    this.ring = new float[capacity];
    this.lengths = lengths.clone();
    this.sums = new double[lengths.length];
  }

  /** Takes over the values of another window of the same capacity and lengths. */
  void set(MovingWindow other) {
    System.arraycopy(other.sums, 0, sums, 0, sums.length);
    System.arraycopy(other.ring, 0, ring, 0, ring.length);
    count = other.count;
  }

  /** A window with the same values. */
  MovingWindow copy() {
    MovingWindow copy = new MovingWindow(ring.length, lengths);
    copy.set(this);
    return copy;
  }

  void add(double value) {
    ring[at(0)] = (float) value;
    count++;
    boolean anew = count % ring.length == 0;
    for (int i = 0; i < lengths.length; i++) {
      if (anew) {
        sums[i] = 0;
        for (int back = 1; back <= lengths[i]; back++) {
          sums[i] += ring[at(-back)];
        }
      } else {
        sums[i] += ring[at(-1)];
        sums[i] -= count > lengths[i] ? ring[at(-1 - lengths[i])] : 0;
      }
    }
  }

  /** The mean over the length at that index, or over what there is. */
  double mean(int index) {
    return sums[index] / Math.min(Math.max(1, count), lengths[index]);
  }

  /** The mean over values that are older than the newest {@code steps}; as {@link #ago}. */
  double mean(int steps, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += ago(steps + i);
    }
    return sum / length;
  }

  /** The value so many steps before the newest; the first one where there were fewer. */
  double ago(int steps) {
    return ring[at(-1 - (int) Math.min(steps, Math.max(0, count - 1)))];
  }

  private int at(int offset) {
    return (int) ((count + offset) & (ring.length - 1));
  }

  /** Saves or loads it. */
  void exchange(ModelState state) {
    count = state.exchangeCount(count);
    state.exchange(sums);
    state.exchange(ring);
  }
}
