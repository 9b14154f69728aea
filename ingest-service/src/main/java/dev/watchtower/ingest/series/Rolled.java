package dev.watchtower.ingest.series;

/**
 * What is known beyond the last value of samples that each stand for all of a minute or an hour.
 * Parallel arrays, one place for each of the first samples of {@link Samples}; not to be changed.
 *
 * @param counts how many samples there were
 * @param sums their sum
 * @param mins the smallest
 * @param maxs the largest
 */
@SuppressWarnings("ArrayRecordComponent")
public record Rolled(long[] counts, double[] sums, double[] mins, double[] maxs) {
  /** One that stands for more takes the memory of so many samples, where that is bounded. */
  public static final int SAMPLES = 3;

  /** How many of the samples stand for more. */
  public int size() {
    return counts.length;
  }
}
