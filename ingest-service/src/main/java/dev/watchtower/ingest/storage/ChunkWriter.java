package dev.watchtower.ingest.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Compresses samples of one series as they come: times as differences of differences, values as the
 * bits that changed. Algorithm: Pelkonen et al., 'Gorilla: A Fast, Scalable, In-Memory Time Series
 * Database', VLDB 2015, with wider buckets for times in milliseconds. Times must rise strictly. Not
 * thread-safe.
 */
final class ChunkWriter {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final byte[] NONE = {};
  private static final int NO_WINDOW = -1;

  /** Bits that say where a new window of values lies. */
  private static final int WINDOW_BITS = 5 + 6;

  /** Room for a few samples. */
  private static final int SMALLEST = 40;

  /** So many bytes too many are not worth a copy of the others. */
  private static final int SPARE = 64;

  /** Whole words up to {@code length}, and room for one more. */
  private byte[] bytes;

  private int length;

  /** The bits behind the last whole word, from the highest on. */
  private long word;

  private int wordBits;
  private int samples;
  private long firstTs;
  private long lastTs;
  private long lastDelta;
  private long lastBits;
  private int leading = NO_WINDOW;
  private int trailing;

  /** One with little room at first. */
  ChunkWriter() {
    this(0);
  }

  /**
   * One that is expected to take so many bytes. What grows by steps leaves each of them behind for
   * the collector.
   */
  ChunkWriter(int expected) {
    this.bytes = new byte[Math.max(SMALLEST, expected)];
  }

  /** Adds a sample later than all before. */
  void append(long ts, double value) {
    var bits = Double.doubleToRawLongBits(value);
    if (samples == 0) {
      firstTs = ts;
      write(ts, 64);
      write(bits, 64);
    } else {
      var delta = ts - lastTs;
      var change = delta - lastDelta;
      // A steady time is one bit, which the value's are written behind at once.
      var steady = change == 0 ? 1 : 0;
      if (steady == 0) {
        writeTime(change);
      }
      writeValue(bits ^ lastBits, steady);
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
    return new Chunk(firstTs, lastTs, samples, Arrays.copyOf(complete(), size()));
  }

  /**
   * The chunk at its end: nothing more may be added. A few bytes behind its samples may be zero.
   */
  Chunk close() {
    var whole = complete();
    if (whole.length - size() > SPARE) {
      return chunk();
    }
    bytes = NONE;
    return new Chunk(firstTs, lastTs, samples, whole);
  }

  /** Bytes that the samples so far take. */
  int size() {
    return length + ((wordBits + 7) >>> 3);
  }

  /** Adds the samples so far to {@code target}. */
  void read(long from, long to, SampleCollector target) {
    ChunkReader.read(complete(), samples, from, to, target);
  }

  /** The bytes with the bits of the last, unfinished word. */
  private byte[] complete() {
    LONGS.set(bytes, length, word);
    return bytes;
  }

  private void writeTime(long change) {
    if (change >= -128 && change < 128) {
      write(0b10 << 8 | (change & 0xff), 2 + 8);
    } else if (change >= -8192 && change < 8192) {
      write(0b110 << 14 | (change & 0x3fff), 3 + 14);
    } else if (change >= -524288 && change < 524288) {
      write(0b1110 << 20 | (change & 0xfffff), 4 + 20);
    } else {
      write(0b1111, 4);
      write(change, 64);
    }
  }

  /**
   * @param zeros bits that are written before it, none of them set
   */
  private void writeValue(long xor, int zeros) {
    if (xor == 0) {
      write(0, zeros + 1);
      return;
    }
    var newLeading = Math.min(31, Long.numberOfLeadingZeros(xor));
    var newTrailing = Long.numberOfTrailingZeros(xor);
    if (leading != NO_WINDOW && newLeading >= leading && newTrailing >= trailing) {
      var kept = 64 - leading - trailing;
      // A narrower window pays once it saves more than it takes to say where it is.
      if (kept <= WINDOW_BITS + 64 - newLeading - newTrailing) {
        write(0b10, zeros + 2, xor >>> trailing, kept);
        return;
      }
    }
    leading = newLeading;
    trailing = newTrailing;
    var significant = 64 - leading - trailing;
    write(
        (0b11 << WINDOW_BITS) | (leading << 6) | (significant - 1),
        zeros + 2 + WINDOW_BITS,
        xor >>> trailing,
        significant);
  }

  /** Writes the lowest bits of two numbers, at once where they fit; the first is small. */
  private void write(long first, int firstCount, long second, int count) {
    if (firstCount + count <= 64) {
      write(first << count | second, firstCount + count);
    } else {
      write(first, firstCount);
      write(second, count);
    }
  }

  /** Writes the lowest {@code count} bits, 1 to 64, highest first. */
  private void write(long value, int count) {
    var bits = value << (64 - count) >>> (64 - count);
    var free = 64 - wordBits;
    if (count < free) {
      word |= bits << (free - count);
      wordBits += count;
      return;
    }
    var rest = count - free;
    LONGS.set(bytes, length, word | bits >>> rest);
    length += 8;
    if (length + 8 > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 3 / 2, length + 8));
    }
    word = rest == 0 ? 0 : bits << (64 - rest);
    wordBits = rest;
  }
}
