package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import java.util.Arrays;

/** A growing row of points of one series. For one thread. */
final class Column {
  private final Labels labels;
  // Few: of count_values each value has a column of its own.
  private long[] times = new long[4];
  private double[] values = new double[4];
  private int size;

  Column(Labels labels) {
    this.labels = labels;
  }

  void add(long time, double value) {
    if (size == times.length) {
      times = Arrays.copyOf(times, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    times[size] = time;
    values[size++] = value;
  }

  Value.Points points() {
    return new Value.Points(labels, Arrays.copyOf(times, size), Arrays.copyOf(values, size));
  }
}
