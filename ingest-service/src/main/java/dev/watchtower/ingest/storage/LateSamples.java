package dev.watchtower.ingest.storage;

import java.util.Arrays;
import java.util.function.Consumer;

/** A small buffer of samples that came out of order, kept sorted by time. Not thread-safe. */
final class LateSamples {
  private static final int MAX = 120;

  private long[] timestamps = new long[4];
  private double[] values = new double[4];
  private int size;

  /** Adds a sample whose time is not in the buffer. */
  void add(long ts, double value) {
    if (size == timestamps.length) {
      timestamps = Arrays.copyOf(timestamps, size * 2);
      values = Arrays.copyOf(values, size * 2);
    }
    var at = -Arrays.binarySearch(timestamps, 0, size, ts) - 1;
    System.arraycopy(timestamps, at, timestamps, at + 1, size - at);
    System.arraycopy(values, at, values, at + 1, size - at);
    timestamps[at] = ts;
    values[at] = value;
    size++;
  }

  boolean isFull() {
    return size >= MAX;
  }

  void read(long from, long to, SampleCollector target) {
    for (var i = 0; i < size; i++) {
      if (timestamps[i] >= from && timestamps[i] <= to) {
        target.add(timestamps[i], values[i]);
      }
    }
  }

  /** Hands out everything as chunks. */
  void chunks(Consumer<Chunk> target) {
    var writer = new ChunkWriter();
    for (var i = 0; i < size; i++) {
      if (writer.samples() > 0 && timestamps[i] - writer.firstTs() > Chunk.MAX_SPAN_MILLIS) {
        target.accept(writer.chunk());
        writer = new ChunkWriter();
      }
      writer.append(timestamps[i], values[i]);
    }
    if (writer.samples() > 0) {
      target.accept(writer.chunk());
    }
  }
}
