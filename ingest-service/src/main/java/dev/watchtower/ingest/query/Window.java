package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Rolled;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one series in {@code (from, to]}, at least one, ascending in time; a view of a
 * part of two arrays.
 *
 * @param rolled what the first places of the arrays stand for; null if only for themselves
 * @param from start of the range in milliseconds, exclusive
 * @param to its end, inclusive
 */
record Window(
    long[] times,
    double[] values,
    @Nullable Rolled rolled,
    int start,
    int end,
    long from,
    long to) {

  /** Whether some of the samples stand for a minute or an hour. */
  boolean isRolled() {
    return rolled != null && start < rolled.size();
  }

  private @Nullable Rolled rolledAt(int i) {
    return rolled != null && start + i < rolled.size() ? rolled : null;
  }

  /** How many samples the i-th stands for. */
  long count(int i) {
    var of = rolledAt(i);
    return of == null ? 1 : of.counts()[start + i];
  }

  /** Their sum. */
  double sum(int i) {
    var of = rolledAt(i);
    return of == null ? value(i) : of.sums()[start + i];
  }

  /** The smallest of them. */
  double min(int i) {
    var of = rolledAt(i);
    return of == null ? value(i) : of.mins()[start + i];
  }

  /** The largest of them. */
  double max(int i) {
    var of = rolledAt(i);
    return of == null ? value(i) : of.maxs()[start + i];
  }

  /** A copy of the sums. */
  double[] copiedSums() {
    var sums = new double[size()];
    Arrays.setAll(sums, this::sum);
    return sums;
  }

  /** How many samples the window stands for. */
  long samples() {
    var samples = 0L;
    for (var i = 0; i < size(); i++) {
      samples += count(i);
    }
    return samples;
  }

  /** Whether there is a sample at place -1: one that is at most so long before the range. */
  boolean isLed(long reach) {
    return start > 0 && times[start - 1] > from - reach;
  }

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
    return Arrays.copyOfRange(times, start, end);
  }

  /** A copy of the values. */
  double[] copied() {
    return Arrays.copyOfRange(values, start, end);
  }
}
