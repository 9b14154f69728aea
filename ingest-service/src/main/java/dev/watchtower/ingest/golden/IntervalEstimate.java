package dev.watchtower.ingest.golden;

import java.util.Arrays;

/**
 * How often a service sends each series of one metric. A few of them are looked at, two of an
 * instance at most. Of the last nine gaps of a series the third longest counts: two may be losses,
 * and where three senders send the same, two of three are between two of them. Of the series of an
 * instance the shortest counts, since some may come only when something happened, and of the
 * instances the longest. For one thread; a fixed 400 bytes.
 */
final class IntervalEstimate {
  private static final int TRACKED = 4;
  private static final int OF_AN_INSTANCE = 2;
  private static final int GAPS = 9;
  private static final long FORGET_MILLIS = 10 * 60_000;

  private final long[] series = new long[TRACKED];
  private final int[] instances = new int[TRACKED];
  private final long[] last = new long[TRACKED];
  private final int[] gaps = new int[TRACKED * GAPS];
  private final int[] counts = new int[TRACKED];
  private final int[] usual = new int[TRACKED];

  /**
   * A sample of a series; series numbers are positive.
   *
   * @param instance by which instances are told apart
   * @return whether the estimate may have changed, or is of one more series
   */
  boolean seen(long seriesId, int instance, long millis) {
    int free = -1;
    int same = 0;
    for (int i = 0; i < TRACKED; i++) {
      if (series[i] == seriesId) {
        if (millis < last[i] && isFree(i, millis)) {
          // What was known of it is so still.
          last[i] = millis;
        }
        return millis > last[i] && gap(i, millis);
      }
      if (isFree(i, millis)) {
        free = i;
      } else if (instances[i] == instance) {
        same++;
      }
    }
    if (free >= 0 && same < OF_AN_INSTANCE) {
      series[free] = seriesId;
      instances[free] = instance;
      last[free] = millis;
      counts[free] = 0;
      usual[free] = 0;
      return true;
    }
    return false;
  }

  private boolean gap(int i, long millis) {
    gaps[i * GAPS + counts[i] % GAPS] = (int) Math.min(Integer.MAX_VALUE, millis - last[i]);
    // Round and round, from a full round on: no number of samples is too many.
    counts[i] = counts[i] == 2 * GAPS - 1 ? GAPS : counts[i] + 1;
    last[i] = millis;
    int known = Math.min(counts[i], GAPS);
    int[] sorted = Arrays.copyOfRange(gaps, i * GAPS, i * GAPS + known);
    Arrays.sort(sorted);
    int before = usual[i];
    usual[i] = sorted[known * 2 / 3];
    return usual[i] != before;
  }

  private boolean isFree(int i, long millis) {
    // Of the future where a clock was put back.
    return series[i] == 0 || Math.abs(millis - last[i]) > FORGET_MILLIS;
  }

  /** Whether none of its series came within ten minutes before or after that time. */
  boolean isGone(long millis) {
    for (int i = 0; i < TRACKED; i++) {
      if (!isFree(i, millis)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The usual gap at that time, milliseconds; 0 while it is unknown.
   *
   * @param millis time of a sample of the service
   */
  long millis(long millis) {
    long longest = 0;
    for (int i = 0; i < TRACKED; i++) {
      if (usual[i] > 0 && !isFree(i, millis)) {
        long shortest = usual[i];
        for (int j = 0; j < TRACKED; j++) {
          if (usual[j] > 0 && instances[j] == instances[i] && !isFree(j, millis)) {
            shortest = Math.min(shortest, usual[j]);
          }
        }
        longest = Math.max(longest, shortest);
      }
    }
    return longest;
  }
}
