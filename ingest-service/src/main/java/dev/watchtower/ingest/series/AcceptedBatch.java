package dev.watchtower.ingest.series;

/**
 * Samples that were stored together, in the order in which they were stored; parallel arrays, no
 * object per sample. The arrays belong to the batch and must not be changed; only the first {@link
 * #size} places are in use. Duplicates and refused samples are not in it.
 */
public final class AcceptedBatch {
  private final Series[] series;
  private final long[] timestamps;
  private final double[] values;
  private final int size;

  /** A batch of the first {@code size} places of the arrays. */
  public AcceptedBatch(Series[] series, long[] timestamps, double[] values, int size) {
    this.series = series;
    this.timestamps = timestamps;
    this.values = values;
    this.size = size;
  }

  /** How many samples there are. */
  public int size() {
    return size;
  }

  /** The series of the i-th sample. */
  public Series series(int i) {
    return series[i];
  }

  /** Time of the i-th sample, milliseconds since the epoch. */
  public long timestamp(int i) {
    return timestamps[i];
  }

  /** Value of the i-th sample; may be a stale marker. */
  public double value(int i) {
    return values[i];
  }
}
