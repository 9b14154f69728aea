package dev.watchtower.ingest.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads what {@link ChunkWriter} wrote. */
final class ChunkReader {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private int bit;

  private ChunkReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Adds the samples between two times, both included, to {@code target}.
   *
   * @throws IllegalArgumentException if the bytes end early
   */
  static void read(byte[] bytes, int samples, long from, long to, SampleCollector target) {
    if (samples == 0) {
      return;
    }
    try {
      new ChunkReader(bytes).readAll(samples, from, to, target);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("a chunk is damaged: it ends early", e);
    }
  }

  private void readAll(int samples, long from, long to, SampleCollector target) {
    var ts = read(64);
    var bits = read(64);
    var delta = 0L;
    var leading = 0;
    var trailing = 0;
    for (var i = 0; ; ) {
      if (ts > to) {
        return;
      }
      if (ts >= from) {
        target.add(ts, Double.longBitsToDouble(bits));
      }
      if (++i == samples) {
        return;
      }
      delta += readTimeChange();
      ts += delta;
      if (read(1) == 1) {
        if (read(1) == 1) {
          leading = (int) read(5);
          trailing = 64 - leading - ((int) read(6) + 1);
        }
        bits ^= read(64 - leading - trailing) << trailing;
      }
    }
  }

  private long readTimeChange() {
    if (read(1) == 0) {
      return 0;
    }
    if (read(1) == 0) {
      return signed(8);
    }
    if (read(1) == 0) {
      return signed(14);
    }
    return read(1) == 0 ? signed(20) : read(64);
  }

  private long signed(int count) {
    var shift = 64 - count;
    return read(count) << shift >> shift;
  }

  /** The next bits, 1 to 64. */
  private long read(int count) {
    var index = bit >>> 3;
    if (index + 9 > bytes.length) {
      return readNearTheEnd(count);
    }
    var shift = bit & 7;
    bit += count;
    var value = (long) LONGS.get(bytes, index) << shift >>> (64 - count);
    var beyond = count - (64 - shift);
    return beyond <= 0 ? value : value | (bytes[index + 8] & 0xff) >>> (8 - beyond);
  }

  private long readNearTheEnd(int count) {
    var value = 0L;
    var left = count;
    while (left > 0) {
      var available = 8 - (bit & 7);
      var take = Math.min(available, left);
      var part = (bytes[bit >>> 3] & 0xff) >>> (available - take) & ((1 << take) - 1);
      value = value << take | part;
      bit += take;
      left -= take;
    }
    return value;
  }
}
