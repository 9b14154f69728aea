package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.doors.ExponentialBuckets;
import dev.watchtower.ingest.doors.ExponentialBuckets.UnusableException;
import dev.watchtower.ingest.doors.Numbers;
import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.series.Samples;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One native histogram of remote write (the message is the same in 1.0 and 2.0): integer or float
 * counts, exponential buckets or custom bounds.
 */
final class NativeHistogram {
  private static final int CUSTOM_BOUNDS = -53;
  private static final int MAX_BOUNDS = 4096;
  // Small ones must stay small: a request may hold many.
  private static final long[] NO_SPANS = {};
  private static final double[] NONE = {};

  /** Bytes of one without counts. */
  private static final int EMPTY = 320;

  /** Bytes of a number, while the list of them grows. */
  private static final int NUMBER = 16;

  /** Spans and counts of one sign, as they come. */
  private static final class Side {
    private final RequestMemory memory;

    /** Offset, length, offset, length …. */
    private long[] spans = NO_SPANS;

    private int spanCount;
    private double[] counts = NONE;
    private int size;
    private double running;

    Side(RequestMemory memory) {
      this.memory = memory;
    }

    void span(ProtoReader reader) {
      var outer = reader.enter();
      var offset = 0L;
      var length = 0L;
      while (reader.hasMore()) {
        var tag = reader.tag();
        switch (tag) {
          case 1 << 3 -> offset = signed(reader.varint());
          case 2 << 3 -> length = reader.varint();
          default -> reader.skip(tag);
        }
      }
      reader.leave(outer);
      if (spanCount + 2 > spans.length) {
        memory.use((long) NUMBER * Math.max(4, spanCount));
        spans = Arrays.copyOf(spans, Math.max(4, spans.length * 2));
      }
      spans[spanCount++] = offset;
      spans[spanCount++] = length;
    }

    void delta(long delta) {
      running += delta;
      count(running);
    }

    void count(double count) {
      if (size == counts.length) {
        memory.use((long) NUMBER * Math.max(8, size));
        counts = Arrays.copyOf(counts, Math.max(8, size * 2));
      }
      counts[size++] = count;
    }

    /** Gives each bucket's number and count. */
    void forEach(Bucket use) throws UnusableException {
      var number = 0L;
      var at = 0;
      for (var i = 0; i < spanCount; i += 2) {
        number += spans[i];
        if (spans[i + 1] < 0 || spans[i + 1] > size - at) {
          throw new UnusableException("a native histogram with longer spans than counts");
        }
        for (var end = at + (int) spans[i + 1]; at < end; at++) {
          use.accept(number++, counts[at]);
        }
      }
      if (at != size) {
        throw new UnusableException("a native histogram with more counts than its spans hold");
      }
    }
  }

  @FunctionalInterface
  private interface Bucket {
    void accept(long number, double count) throws UnusableException;
  }

  private final RequestMemory memory;
  private final Side positive;
  private final Side negative;
  private double[] bounds = NONE;
  private int boundCount;
  private double count;
  private double zeros;
  private double sum;
  private long schema;
  private long timestamp;

  private NativeHistogram(RequestMemory memory) {
    this.memory = memory;
    positive = new Side(memory);
    negative = new Side(memory);
  }

  /**
   * Reads the field of bytes that the reader stands at.
   *
   * @param memory asked before the lists of numbers grow
   */
  static NativeHistogram read(ProtoReader reader, RequestMemory memory) {
    memory.use(EMPTY);
    var histogram = new NativeHistogram(memory);
    var outer = reader.enter();
    while (reader.hasMore()) {
      histogram.field(reader, reader.tag());
    }
    reader.leave(outer);
    return histogram;
  }

  private void field(ProtoReader reader, int tag) {
    switch (tag) {
      case 1 << 3 -> count = Numbers.unsigned(reader.varint());
      case 2 << 3 | ProtoReader.FIXED64 -> count = reader.doubleValue();
      case 3 << 3 | ProtoReader.FIXED64 -> sum = reader.doubleValue();
      case 4 << 3 -> schema = signed(reader.varint());
      case 6 << 3 -> zeros = Numbers.unsigned(reader.varint());
      case 7 << 3 | ProtoReader.FIXED64 -> zeros = reader.doubleValue();
      case 8 << 3 | ProtoReader.BYTES -> negative.span(reader);
      case 9 << 3 -> negative.delta(signed(reader.varint()));
      case 9 << 3 | ProtoReader.BYTES -> deltas(reader, negative);
      case 10 << 3 | ProtoReader.FIXED64 -> negative.count(reader.doubleValue());
      case 10 << 3 | ProtoReader.BYTES -> counts(reader, negative);
      case 11 << 3 | ProtoReader.BYTES -> positive.span(reader);
      case 12 << 3 -> positive.delta(signed(reader.varint()));
      case 12 << 3 | ProtoReader.BYTES -> deltas(reader, positive);
      case 13 << 3 | ProtoReader.FIXED64 -> positive.count(reader.doubleValue());
      case 13 << 3 | ProtoReader.BYTES -> counts(reader, positive);
      case 15 << 3 -> timestamp = reader.varint();
      case 16 << 3 | ProtoReader.FIXED64 -> bound(reader.doubleValue());
      case 16 << 3 | ProtoReader.BYTES -> {
        var outer = reader.enter();
        while (reader.hasMore()) {
          bound(reader.doubleValue());
        }
        reader.leave(outer);
      }
      // The zero threshold (5), the reset hint (14), and what newer versions may add.
      default -> reader.skip(tag);
    }
  }

  private static void deltas(ProtoReader reader, Side side) {
    var outer = reader.enter();
    while (reader.hasMore()) {
      side.delta(signed(reader.varint()));
    }
    reader.leave(outer);
  }

  private static void counts(ProtoReader reader, Side side) {
    var outer = reader.enter();
    while (reader.hasMore()) {
      side.count(reader.doubleValue());
    }
    reader.leave(outer);
  }

  private void bound(double bound) {
    if (boundCount == bounds.length) {
      memory.use((long) NUMBER * Math.max(16, boundCount));
      bounds = Arrays.copyOf(bounds, Math.max(16, boundCount * 2));
    }
    bounds[boundCount++] = bound;
  }

  private static long signed(long zigzag) {
    return zigzag >>> 1 ^ -(zigzag & 1);
  }

  /** Milliseconds since the epoch. */
  long timestamp() {
    return timestamp;
  }

  /** How many values there were. */
  double count() {
    return count;
  }

  /** The sum of the values. */
  double sum() {
    return sum;
  }

  /** Whether it says only that the series has ended. */
  boolean isStale() {
    return Samples.isStale(sum);
  }

  /**
   * Upper bounds and how many values are at or below each, ascending, without infinity.
   *
   * @param metric its name
   * @throws UnusableException if it contradicts itself
   */
  SortedMap<Double, Double> cumulative(String metric) throws UnusableException {
    if (schema == CUSTOM_BOUNDS) {
      return custom();
    }
    var buckets = new ExponentialBuckets(metric, Math.clamp(schema, -100, 100), zeros);
    // Prometheus numbers a bucket by its upper bound.
    positive.forEach((number, count) -> buckets.positive(number - 1, count));
    negative.forEach((number, count) -> buckets.negative(number - 1, count));
    return buckets.cumulative();
  }

  private SortedMap<Double, Double> custom() throws UnusableException {
    if (boundCount > MAX_BOUNDS) {
      throw new UnusableException("a native histogram of more than 4096 bounds");
    }
    for (var i = 0; i < boundCount; i++) {
      if (!(bounds[i] > (i == 0 ? Double.NEGATIVE_INFINITY : bounds[i - 1]))) {
        throw new UnusableException("a native histogram with bounds that do not rise");
      }
    }
    var counts = new double[boundCount];
    positive.forEach((number, count) -> {
      if (number < 0 || number > boundCount) {
        throw new UnusableException("a native histogram with a bucket beyond its bounds");
      }
      if (number < boundCount) {
        counts[(int) number] += count;
      }
    });
    var result = new TreeMap<Double, Double>();
    var running = 0.0;
    for (var i = 0; i < boundCount; i++) {
      running += counts[i];
      if (Double.isFinite(bounds[i])) {
        result.put(bounds[i] == 0 ? 0.0 : bounds[i], running);
      }
    }
    return result;
  }
}
