package dev.watchtower.ingest.storage;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Runs of buckets as chunks: column after column, each as differences in as few bytes as they take.
 * Values with few decimal digits, which most are, become whole numbers times a power of ten; the
 * minimum, maximum and sum then differ little from what the last value makes one expect. One object
 * encodes one run after the other; not thread-safe.
 */
final class RollupCodec {
  private static final int RAW = 255;
  private static final double[] POWERS = {1, 10, 100, 1000, 10_000, 100_000, 1_000_000};
  private static final long LARGEST = 1L << 51;

  /** Numbers of a bucket. */
  private static final int COLUMNS = 7;

  private final VarintBuffer out = new VarintBuffer();

  /** The buckets, in order of time, as a chunk. */
  Chunk encode(Tier tier, Rollups run) {
    var n = run.size();
    out.clear(1 + COLUMNS * n);
    var exponent = exponent(run);
    out.octet(exponent);
    for (var i = 1; i < n; i++) {
      out.varint((run.start(i) - run.start(i - 1)) / tier.resolutionMillis());
    }
    var maxTs = Long.MIN_VALUE;
    var before = 0L;
    for (var i = 0; i < n; i++) {
      maxTs = Math.max(maxTs, run.lastTime(i));
      var offset = run.lastTime(i) - run.start(i);
      out.zigzag(offset - before);
      before = offset;
    }
    before = 0;
    for (var i = 0; i < n; i++) {
      out.zigzag(run.count(i) - before);
      before = run.count(i);
    }
    if (exponent == RAW) {
      bits(run);
    } else {
      scaled(run, POWERS[exponent]);
    }
    return new Chunk(run.start(0), maxTs, n, out.toBytes());
  }

  private void bits(Rollups run) {
    for (var i = 0; i < run.size(); i++) {
      out.bits(run.last(i));
    }
    for (var i = 0; i < run.size(); i++) {
      out.bits(run.min(i));
    }
    for (var i = 0; i < run.size(); i++) {
      out.bits(run.max(i));
    }
    for (var i = 0; i < run.size(); i++) {
      out.bits(run.sum(i));
    }
  }

  private void scaled(Rollups run, double power) {
    var before = 0L;
    for (var i = 0; i < run.size(); i++) {
      var last = scaled(run.last(i), power);
      out.zigzag(last - before);
      before = last;
    }
    for (var i = 0; i < run.size(); i++) {
      out.zigzag(scaled(run.last(i), power) - scaled(run.min(i), power));
    }
    for (var i = 0; i < run.size(); i++) {
      out.zigzag(scaled(run.max(i), power) - scaled(run.last(i), power));
    }
    for (var i = 0; i < run.size(); i++) {
      out.zigzag(scaled(run.sum(i), power) - run.count(i) * scaled(run.last(i), power));
    }
  }

  private static int exponent(Rollups run) {
    var exponent = 0;
    for (var i = 0; i < run.size(); ) {
      var power = POWERS[exponent];
      if (!(Math.abs(run.sum(i) * power) < LARGEST)) {
        return RAW;
      }
      if (fits(run.last(i), power)
          && fits(run.min(i), power)
          && fits(run.max(i), power)
          && fitsSum(run, i, power)) {
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

  /**
   * Whether the sum is a whole number too, but for what adding up values of so many digits in
   * floating point can have lost. Values in between may have more digits than those three.
   */
  private static boolean fitsSum(Rollups run, int i, double power) {
    var largest = Math.max(Math.abs(run.min(i)), Math.abs(run.max(i)));
    var lost = run.count(i) * Math.ulp(run.count(i) * largest);
    return Math.abs(Math.round(run.sum(i) * power) / power - run.sum(i)) <= lost;
  }

  private static long scaled(double value, double power) {
    return Math.round(value * power);
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
