package dev.watchtower.ingest.storage;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Buckets of one series, as they come; {@link #merged} puts them in order. A bucket has at least
 * one sample. Not thread-safe.
 */
final class Rollups {
  private long[] starts = new long[8];
  private long[] lastTimes = new long[8];
  private long[] counts = new long[8];
  private double[] lasts = new double[8];
  private double[] mins = new double[8];
  private double[] maxs = new double[8];
  private double[] sums = new double[8];
  private int size;

  /** Adds a bucket of one sample. */
  void open(long start, long ts, double value) {
    add(start, ts, 1, value, value, value, value);
  }

  /** Adds a bucket. */
  void add(long start, long lastTime, long count, double last, double min, double max, double sum) {
    if (size == starts.length) {
      // By half: room for seven numbers each is not to be wasted.
      resize(size + size / 2);
    }
    starts[size] = start;
    lastTimes[size] = lastTime;
    counts[size] = count;
    lasts[size] = last;
    mins[size] = min;
    maxs[size] = max;
    sums[size++] = sum;
  }

  private void resize(int places) {
    starts = Arrays.copyOf(starts, places);
    lastTimes = Arrays.copyOf(lastTimes, places);
    counts = Arrays.copyOf(counts, places);
    lasts = Arrays.copyOf(lasts, places);
    mins = Arrays.copyOf(mins, places);
    maxs = Arrays.copyOf(maxs, places);
    sums = Arrays.copyOf(sums, places);
  }

  /** Adds a bucket of others. */
  void add(Rollups others, int i) {
    add(
        others.starts[i],
        others.lastTimes[i],
        others.counts[i],
        others.lasts[i],
        others.mins[i],
        others.maxs[i],
        others.sums[i]);
  }

  /** Adds a bucket of the same start to the last one. */
  void addToLast(long lastTime, long count, double last, double min, double max, double sum) {
    var i = size - 1;
    if (lastTime >= lastTimes[i]) {
      lastTimes[i] = lastTime;
      lasts[i] = last;
    }
    counts[i] += count;
    mins[i] = smaller(mins[i], min);
    maxs[i] = -smaller(-maxs[i], -max);
    sums[i] += sum;
  }

  /** NaN only where there is nothing else, as in min_over_time. */
  private static double smaller(double a, double b) {
    if (Double.isNaN(a)) {
      return b;
    }
    return b < a ? b : a;
  }

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  /** Start of the last bucket. */
  long lastStart() {
    return starts[size - 1];
  }

  long start(int i) {
    return starts[i];
  }

  long lastTime(int i) {
    return lastTimes[i];
  }

  long count(int i) {
    return counts[i];
  }

  double last(int i) {
    return lasts[i];
  }

  double min(int i) {
    return mins[i];
  }

  double max(int i) {
    return maxs[i];
  }

  double sum(int i) {
    return sums[i];
  }

  /** All buckets in order of time, those of the same start as one. */
  Rollups merged() {
    var order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingLong(i -> starts[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    var merged = new Rollups();
    for (var i : order) {
      if (merged.size > 0 && merged.lastStart() == starts[i]) {
        merged.addToLast(lastTimes[i], counts[i], lasts[i], mins[i], maxs[i], sums[i]);
      } else {
        merged.add(this, i);
      }
    }
    return merged;
  }
}
