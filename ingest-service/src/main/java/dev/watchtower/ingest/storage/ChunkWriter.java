package dev.watchtower.ingest.storage;

import java.util.Arrays;

/**
 * Compresses samples of one series as they come: times as differences of differences, values as the
 * bits that changed. Algorithm: Pelkonen et al., 'Gorilla: A Fast, Scalable, In-Memory Time Series
 * Database', VLDB 2015, with wider buckets for times in milliseconds. Times must rise strictly. Not
 * thread-safe.
 */
final class ChunkWriter {
  private static final int NO_WINDOW = -1;

  private byte[] bytes = new byte[48];
  private int bitCount;
  private int samples;
  private long firstTs;
  private long lastTs;
  private long lastDelta;
  private long lastBits;
  private int leading = NO_WINDOW;
  private int trailing;

  /** Adds a sample later than all before. */
  void append(long ts, double value) {
    var bits = Double.doubleToRawLongBits(value);
    if (samples == 0) {
      firstTs = ts;
      write(ts, 64);
      write(bits, 64);
    } else {
      var delta = ts - lastTs;
      writeTime(delta - lastDelta);
      writeValue(bits ^ lastBits);
      lastDelta = delta;
    }
    lastTs = ts;
    lastBits = bits;
    samples++;
  }

  int samples() {
    return samples;
  }

  long firstTs() {
    return firstTs;
  }

  long lastTs() {
    return lastTs;
  }

  /** The chunk so far; its bytes are a copy. */
  Chunk chunk() {
    return new Chunk(firstTs, lastTs, samples, Arrays.copyOf(bytes, (bitCount + 7) >>> 3));
  }

  /** Adds the samples so far to {@code target}. */
  void read(long from, long to, SampleCollector target) {
    ChunkReader.read(bytes, samples, from, to, target);
  }

  private void writeTime(long change) {
    if (change == 0) {
      write(0, 1);
    } else if (change >= -128 && change < 128) {
      write(0b10, 2);
      write(change, 8);
    } else if (change >= -8192 && change < 8192) {
      write(0b110, 3);
      write(change, 14);
    } else if (change >= -524288 && change < 524288) {
      write(0b1110, 4);
      write(change, 20);
    } else {
      write(0b1111, 4);
      write(change, 64);
    }
  }

  private void writeValue(long xor) {
    if (xor == 0) {
      write(0, 1);
      return;
    }
    var newLeading = Math.min(31, Long.numberOfLeadingZeros(xor));
    var newTrailing = Long.numberOfTrailingZeros(xor);
    if (leading != NO_WINDOW && newLeading >= leading && newTrailing >= trailing) {
      write(0b10, 2);
      write(xor >>> trailing, 64 - leading - trailing);
      return;
    }
    leading = newLeading;
    trailing = newTrailing;
    var significant = 64 - leading - trailing;
    write(0b11, 2);
    write(leading, 5);
    write(significant - 1, 6);
    write(xor >>> trailing, significant);
  }

  /** Writes the lowest {@code count} bits, highest first. */
  private void write(long value, int count) {
    if (bitCount + count > bytes.length << 3) {
      bytes = Arrays.copyOf(bytes, bytes.length * 2);
    }
    var left = count;
    while (left > 0) {
      var free = 8 - (bitCount & 7);
      var take = Math.min(free, left);
      var part = (value >>> (left - take)) & ((1L << take) - 1);
      bytes[bitCount >>> 3] |= (byte) (part << (free - take));
      bitCount += take;
      left -= take;
    }
  }
}
