package dev.watchtower.ingest.storage;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;

/**
 * Runs of buckets as chunks: column after column, each as differences in as few bytes as they take.
 * Values with few decimal digits, which most are, become whole numbers times a power of ten; the
 * minimum, maximum and sum then differ little from what the last value makes one expect.
 */
final class RollupCodec {
  private static final int RAW = 255;
  private static final double[] POWERS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000};
  private static final long LARGEST = 1L << 51;

  private RollupCodec() {}

  /** The buckets, in order of time, as a chunk. */
  static Chunk encode(Tier tier, Rollups run) {
    var out = new ByteArrayOutputStream(run.size() * 8);
    var exponent = exponent(run);
    out.write(exponent);
    for (var i = 1; i < run.size(); i++) {
      varint(out, (run.start(i) - run.start(i - 1)) / tier.resolutionMillis());
    }
    differences(out, run.size(), i -> run.lastTime(i) - run.start(i));
    differences(out, run.size(), run::count);
    if (exponent == RAW) {
      bits(out, run.size(), run::last);
      bits(out, run.size(), run::min);
      bits(out, run.size(), run::max);
      bits(out, run.size(), run::sum);
    } else {
      var power = POWERS[exponent];
      differences(out, run.size(), i -> scaled(run.last(i), power));
      for (var i = 0; i < run.size(); i++) {
        varint(out, zigzag(scaled(run.last(i), power) - scaled(run.min(i), power)));
      }
      for (var i = 0; i < run.size(); i++) {
        varint(out, zigzag(scaled(run.max(i), power) - scaled(run.last(i), power)));
      }
      for (var i = 0; i < run.size(); i++) {
        varint(out, zigzag(scaled(run.sum(i), power) - run.count(i) * scaled(run.last(i), power)));
      }
    }
    var maxTs = Long.MIN_VALUE;
    for (var i = 0; i < run.size(); i++) {
      maxTs = Math.max(maxTs, run.lastTime(i));
    }
    return new Chunk(run.start(0), maxTs, run.size(), out.toByteArray());
  }

  private static int exponent(Rollups run) {
    var exponent = 0;
    for (var i = 0; i < run.size(); ) {
      var power = POWERS[exponent];
      if (!(Math.abs(run.sum(i) * power) < LARGEST)) {
        return RAW;
      }
      if (fits(run.last(i), power) && fits(run.min(i), power) && fits(run.max(i), power)) {
        i++;
      } else if (++exponent == POWERS.length) {
        return RAW;
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

  private static long scaled(double value, double power) {
    return Math.round(value * power);
  }

  private static void differences(ByteArrayOutputStream out, int size, IntToLongFunction values) {
    var before = 0L;
    for (var i = 0; i < size; i++) {
      var value = values.applyAsLong(i);
      varint(out, zigzag(value - before));
      before = value;
    }
  }

  private static void bits(ByteArrayOutputStream out, int size, IntToDoubleFunction values) {
    for (var i = 0; i < size; i++) {
      out.writeBytes(ByteBuffer.allocate(8).putDouble(values.applyAsDouble(i)).array());
    }
  }

  private static long zigzag(long value) {
    return (value << 1) ^ (value >> 63);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    var rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /**
   * Adds the buckets of a chunk that {@link #encode} made.
   *
   * @throws IllegalArgumentException if it is damaged
   */
  static void decode(Tier tier, Chunk chunk, Rollups into) {
    try {
      var in = ByteBuffer.wrap(chunk.data());
      var exponent = in.get() & 0xff;
      var n = chunk.samples();
      var starts = new long[n];
      starts[0] = chunk.minTs();
      for (var i = 1; i < n; i++) {
        starts[i] = starts[i - 1] + varint(in) * tier.resolutionMillis();
      }
      var offsets = differences(in, n);
      var counts = differences(in, n);
      var lasts = new double[n];
      var mins = new double[n];
      var maxs = new double[n];
      var sums = new double[n];
      if (exponent == RAW) {
        for (var column : new double[][] {lasts, mins, maxs, sums}) {
          for (var i = 0; i < n; i++) {
            column[i] = in.getDouble();
          }
        }
      } else {
        var power = POWERS[exponent];
        var last = differences(in, n);
        for (var i = 0; i < n; i++) {
          lasts[i] = last[i] / power;
          mins[i] = (last[i] - unzigzag(varint(in))) / power;
        }
        for (var i = 0; i < n; i++) {
          maxs[i] = (last[i] + unzigzag(varint(in))) / power;
        }
        for (var i = 0; i < n; i++) {
          sums[i] = (counts[i] * last[i] + unzigzag(varint(in))) / power;
        }
      }
      for (var i = 0; i < n; i++) {
        into.add(starts[i], starts[i] + offsets[i], counts[i], lasts[i], mins[i], maxs[i], sums[i]);
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("a roll-up is damaged", e);
    }
  }

  private static long[] differences(ByteBuffer in, int size) {
    var values = new long[size];
    var before = 0L;
    for (var i = 0; i < size; i++) {
      before += unzigzag(varint(in));
      values[i] = before;
    }
    return values;
  }

  private static long unzigzag(long value) {
    return (value >>> 1) ^ -(value & 1);
  }

  private static long varint(ByteBuffer in) {
    var value = 0L;
    for (var shift = 0; ; shift += 7) {
      var b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }
}
