package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Samples;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Gathers samples of one series from several sources and puts them in order; of two with the same
 * time the one that was added first stays. Not thread-safe.
 */
final class SampleCollector {
  private long[] timestamps = new long[16];
  private double[] values = new double[16];
  private int size;
  private boolean ordered = true;

  void add(long ts, double value) {
    if (size == timestamps.length) {
      timestamps = Arrays.copyOf(timestamps, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    ordered = ordered && (size == 0 || ts > timestamps[size - 1]);
    timestamps[size] = ts;
    values[size++] = value;
  }

  int size() {
    return size;
  }

  void clear() {
    size = 0;
    ordered = true;
  }

  long timestamp(int i) {
    return timestamps[i];
  }

  double value(int i) {
    return values[i];
  }

  /** Adds all of others after these. */
  SampleCollector followedBy(Samples others) {
    for (var i = 0; i < others.size(); i++) {
      add(others.timestamp(i), others.value(i));
    }
    return this;
  }

  Samples samples() {
    if (size == 0) {
      return Samples.EMPTY;
    }
    if (ordered) {
      return new Samples(Arrays.copyOf(timestamps, size), Arrays.copyOf(values, size));
    }
    // Only where late samples or overlapping chunks are in it. The sort is stable.
    var order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingLong(i -> timestamps[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    var times = new long[size];
    var sorted = new double[size];
    var n = 0;
    for (var i : order) {
      if (n == 0 || timestamps[i] != times[n - 1]) {
        times[n] = timestamps[i];
        sorted[n++] = values[i];
      }
    }
    return new Samples(Arrays.copyOf(times, n), Arrays.copyOf(sorted, n));
  }
}
