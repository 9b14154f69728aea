package dev.watchtower.ingest.detection.anomaly;

/**
 * The last values, with their means over several lengths. Sums are made anew once a turn, so that
 * rounding errors do not add up.
 */
final class MovingWindow {
  static final int CAPACITY = 256;

  private final int[] lengths;
  private final double[] sums;
  private final float[] ring = new float[CAPACITY];
  private long count;

  /**
   * Empty.
   *
   * @param lengths of the means, each below {@link #CAPACITY}
   */
  MovingWindow(int... lengths) {
    this.lengths = lengths.clone();
    this.sums = new double[lengths.length];
  }

  /** Takes over the values of another window of the same lengths. */
  void set(MovingWindow other) {
    System.arraycopy(other.sums, 0, sums, 0, sums.length);
    System.arraycopy(other.ring, 0, ring, 0, CAPACITY);
    count = other.count;
  }

  /** A window with the same values. */
  MovingWindow copy() {
    MovingWindow copy = new MovingWindow(lengths);
    copy.set(this);
    return copy;
  }

  void add(double value) {
    ring[at(0)] = (float) value;
    count++;
    boolean anew = count % CAPACITY == 0;
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

  /** The value so many steps before the newest; the first one where there were fewer. */
  double ago(int steps) {
    return ring[at(-1 - (int) Math.min(steps, Math.max(0, count - 1)))];
  }

  private int at(int offset) {
    return (int) ((count + offset) & (CAPACITY - 1));
  }
}
