package dev.watchtower.ingest.series;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Samples of one series in strictly ascending order of time. Immutable by agreement: the arrays are
 * handed out without a copy and must not be changed.
 */
public final class Samples {
  /** The bits of the value that says 'the series ended here' (Prometheus' stale marker). */
  public static final long STALE_BITS = 0x7ff0000000000002L;

  /**
   * The stale marker. Tell it by its bits, {@link #isStale}; every NaN looks the same otherwise.
   */
  public static final double STALE = Double.longBitsToDouble(STALE_BITS);

  /** None. */
  public static final Samples EMPTY = new Samples(new long[0], new double[0]);

  private final long[] timestamps;
  private final double[] values;
  private final @Nullable Rolled rolled;

  /**
   * @param timestamps milliseconds since the epoch
   */
  public Samples(long[] timestamps, double[] values) {
    this(timestamps, values, null);
  }

  /**
   * Samples of which the first stand for a minute or an hour each.
   *
   * @param rolled what else is known of those; null if there are none
   */
  public Samples(long[] timestamps, double[] values, @Nullable Rolled rolled) {
    if (timestamps.length != values.length) {
      throw new IllegalArgumentException("as many timestamps as values");
    }
    this.timestamps = timestamps;
    this.values = values;
    this.rolled = rolled;
  }

  /** What is known of the samples that stand for more than themselves; null if none does. */
  public @Nullable Rolled rolled() {
    return rolled;
  }

  /** Whether the value is the stale marker. */
  public static boolean isStale(double value) {
    return Double.doubleToRawLongBits(value) == STALE_BITS;
  }

  /** How many there are. */
  public int size() {
    return timestamps.length;
  }

  /** As how many they count where memory is bounded: those that stand for more take more. */
  public long counted() {
    return size() + (rolled == null ? 0 : (Rolled.SAMPLES - 1L) * rolled.size());
  }

  /** Time of the i-th, milliseconds since the epoch. */
  public long timestamp(int i) {
    return timestamps[i];
  }

  /** Value of the i-th; may be a stale marker. */
  public double value(int i) {
    return values[i];
  }

  /** All times; not to be changed. */
  public long[] timestamps() {
    return timestamps;
  }

  /** All values; not to be changed. */
  public double[] values() {
    return values;
  }

  @Override
  public String toString() {
    return "Samples" + Arrays.toString(timestamps) + Arrays.toString(values);
  }
}
