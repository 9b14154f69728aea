package dev.watchtower.ingest.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bytes of numbers that take as many as they need, seven bits each, the lowest first. Room is made
 * for many at a time, since a look at the room for each byte is what takes longest. One object is
 * used for one chunk after the other; not thread-safe.
 */
final class VarintBuffer {
  /** The most bytes of a number. */
  private static final int MOST = 10;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private byte[] bytes = new byte[1024];
  private int length;

  /**
   * Forgets what is in it.
   *
   * @param numbers most that will be added before the next time, each of at most ten bytes
   */
  void clear(int numbers) {
    length = 0;
    if (bytes.length < MOST * numbers) {
      bytes = new byte[MOST * numbers];
    }
  }

  /** Adds one byte. */
  void octet(int value) {
    bytes[length++] = (byte) value;
  }

  /** Adds all 64 bits, the highest first. */
  void bits(double value) {
    LONGS.set(bytes, length, Double.doubleToRawLongBits(value));
    length += Double.BYTES;
  }

  /** Adds a number that is mostly small and not below zero. */
  void varint(long value) {
    var rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[length++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[length++] = (byte) rest;
  }

  /** Adds a number that is mostly near zero, on both sides. */
  void zigzag(long value) {
    varint((value << 1) ^ (value >> 63));
  }

  /** A copy of what was added. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }
}
