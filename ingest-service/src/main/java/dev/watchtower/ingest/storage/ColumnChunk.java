package dev.watchtower.ingest.storage;

import org.jspecify.annotations.Nullable;

/**
 * Samples of one series as two columns, for chunks that are sealed: times as differences of
 * differences, then values as whole numbers times a power of ten, as differences; all in as few
 * bytes as they take. Most values have few decimal digits, and their whole numbers differ little
 * where the bits of the floating-point numbers differ much; deflating finds the rest. One object
 * encodes one chunk after the other; not thread-safe.
 */
final class ColumnChunk {
  /** All times are equally far apart: only the first difference is written. */
  private static final int REGULAR = 0x80;

  /** All values are the same: only the first is written. */
  private static final int CONSTANT = 0x40;

  private static final int EXPONENT = 0x0f;
  private static final double[] POWERS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000};

  /** Larger whole numbers may not come back to the bit. */
  private static final double LARGEST = 1L << 51;

  private final VarintBuffer out = new VarintBuffer();

  /**
   * The samples as a chunk; null if one of the values is not such a number.
   *
   * @param samples at least one, in order of time
   */
  @Nullable Chunk encode(SampleCollector samples) {
    var exponent = exponent(samples);
    if (exponent == POWERS.length) {
      return null;
    }
    var n = samples.size();
    var regular = isRegular(samples);
    var constant = isConstant(samples);
    out.clear(1 + 2 * n);
    out.octet(exponent | (regular ? REGULAR : 0) | (constant ? CONSTANT : 0));
    times(samples, regular);
    values(samples, POWERS[exponent], constant);
    return new Chunk(samples.timestamp(0), samples.timestamp(n - 1), n, out.toBytes(), true);
  }

  private void times(SampleCollector samples, boolean regular) {
    var before = 0L;
    for (var i = 1; i < (regular ? Math.min(2, samples.size()) : samples.size()); i++) {
      var delta = samples.timestamp(i) - samples.timestamp(i - 1);
      out.zigzag(delta - before);
      before = delta;
    }
  }

  private void values(SampleCollector samples, double power, boolean constant) {
    var before = 0L;
    for (var i = 0; i < (constant ? 1 : samples.size()); i++) {
      var value = Math.round(samples.value(i) * power);
      out.zigzag(value - before);
      before = value;
    }
  }

  private static boolean isRegular(SampleCollector samples) {
    for (var i = 2; i < samples.size(); i++) {
      if (samples.timestamp(i) - samples.timestamp(i - 1)
          != samples.timestamp(1) - samples.timestamp(0)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isConstant(SampleCollector samples) {
    for (var i = 1; i < samples.size(); i++) {
      if (samples.value(i) != samples.value(0)) {
        return false;
      }
    }
    return true;
  }

  /** The smallest power of ten with which all values are whole; as many as there are if none is. */
  private static int exponent(SampleCollector samples) {
    var exponent = 0;
    for (var i = 0; i < samples.size(); ) {
      if (fits(samples.value(i), POWERS[exponent])) {
        i++;
      } else if (++exponent == POWERS.length) {
        return exponent;
      } else {
        // A larger power might lose what a smaller one kept: all are looked at again.
        i = 0;
      }
    }
    return exponent;
  }

  private static boolean fits(double value, double power) {
    // Also false for NaN and infinities, and for minus zero, which a whole number has not.
    return Math.abs(value * power) < LARGEST
        && Double.doubleToRawLongBits(Math.round(value * power) / power)
            == Double.doubleToRawLongBits(value);
  }

  /**
   * Adds the samples between two times, both included, to {@code target}.
   *
   * @throws IllegalArgumentException if the bytes are damaged
   */
  static void read(Chunk chunk, long from, long to, SampleCollector target) {
    try {
      new Reader(chunk.data()).read(chunk.minTs(), chunk.samples(), from, to, target);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("a chunk is damaged: it ends early", e);
    }
  }

  private static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    void read(long first, int samples, long from, long to, SampleCollector target) {
      var head = bytes[at++];
      var times = times(first, samples, (head & REGULAR) != 0);
      var power = POWERS[head & EXPONENT];
      var constant = (head & CONSTANT) != 0;
      var value = 0L;
      for (var i = 0; i < samples && times[i] <= to; i++) {
        if (i == 0 || !constant) {
          value += unzigzag(varint());
        }
        if (times[i] >= from) {
          target.add(times[i], value / power);
        }
      }
    }

    private long[] times(long first, int samples, boolean regular) {
      var times = new long[samples];
      var ts = first;
      var delta = 0L;
      for (var i = 0; i < samples; i++) {
        if (i > 0) {
          delta += i == 1 || !regular ? unzigzag(varint()) : 0;
          ts += delta;
        }
        times[i] = ts;
      }
      return times;
    }

    private long varint() {
      var value = 0L;
      for (var shift = 0; shift < 64; shift += 7) {
        var b = bytes[at++];
        value |= (long) (b & 0x7f) << shift;
        if (b >= 0) {
          return value;
        }
      }
      throw new IllegalArgumentException("a chunk is damaged: a number has no end");
    }

    private static long unzigzag(long value) {
      return (value >>> 1) ^ -(value & 1);
    }
  }
}
