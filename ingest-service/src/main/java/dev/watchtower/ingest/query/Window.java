package dev.watchtower.ingest.query;

/**
 * The samples of one series in {@code (from, to]}, at least one, ascending in time; a view of a
 * part of two arrays.
 *
 * @param from start of the range in milliseconds, exclusive
 * @param to its end, inclusive
 */
record Window(long[] times, double[] values, int start, int end, long from, long to) {

  int size() {
    return end - start;
  }

  long time(int i) {
    return times[start + i];
  }

  double value(int i) {
    return values[start + i];
  }

  double last() {
    return values[end - 1];
  }

  /** A copy of the times. */
  long[] copiedTimes() {
    return java.util.Arrays.copyOfRange(times, start, end);
  }

  /** A copy of the values. */
  double[] copied() {
    return java.util.Arrays.copyOfRange(values, start, end);
  }
}
