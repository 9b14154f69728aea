package dev.watchtower.ingest.golden;

import java.util.Arrays;

/**
 * How often a service sends each of its series: the median of the last gaps of a few of them. For
 * one thread; a fixed 300 bytes.
 */
final class IntervalEstimate {
  private static final int TRACKED = 4;
  private static final int GAPS = 16;
  private static final long FORGET_MILLIS = 10 * 60_000;

  private final long[] series = new long[TRACKED];
  private final long[] last = new long[TRACKED];
  private final long[] gaps = new long[GAPS];
  private int count;

  /**
   * A sample of a series of the service; series numbers are positive.
   *
   * @return whether the estimate may have changed
   */
  boolean seen(long seriesId, long millis) {
    int free = -1;
    for (int i = 0; i < TRACKED; i++) {
      if (series[i] == seriesId) {
        if (millis > last[i]) {
          gaps[count++ % GAPS] = millis - last[i];
          last[i] = millis;
          return true;
        }
        return false;
      }
      if (series[i] == 0 || millis - last[i] > FORGET_MILLIS) {
        free = i;
      }
    }
    if (free >= 0) {
      series[free] = seriesId;
      last[free] = millis;
    }
    return false;
  }

  /** The usual gap in milliseconds; 0 while unknown. */
  long millis() {
    if (count == 0) {
      return 0;
    }
    long[] known = Arrays.copyOf(gaps, Math.min(count, GAPS));
    Arrays.sort(known);
    return known[known.length / 2];
  }
}
