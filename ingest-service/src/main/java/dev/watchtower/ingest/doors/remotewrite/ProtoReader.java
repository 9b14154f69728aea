package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.doors.BadBodyException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads protobuf fields from bytes, checking every length against the bytes that are there. Not
 * thread-safe.
 */
final class ProtoReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int BYTES = 2;
  private static final int FIXED32 = 5;

  /** Bytes of a sample behind its length: value and time, each with its tag. */
  private static final int USUAL_SAMPLE = 9 + 7;

  /** Where in it, the length included, the time is. */
  private static final int USUAL_TIME = 11;

  /**
   * The bits of six bytes that say whether more follow, and how they are where the sixth ends it.
   */
  private static final long SIX_BYTES_MORE = 0x8080_8080_8080L;

  private static final long SIX_BYTES = 0x0080_8080_8080L;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private int position;
  private int end;

  ProtoReader(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.position = from;
    this.end = to;
  }

  int position() {
    return position;
  }

  /** Whether there is more before the current end. */
  boolean hasMore() {
    return position < end;
  }

  /** Field number and wire type, as {@code number << 3 | type}. */
  int tag() {
    var tag = varint();
    if (tag >>> 3 == 0 || tag > Integer.MAX_VALUE) {
      throw BadBodyException.malformed("not protobuf: field number " + (tag >>> 3));
    }
    return (int) tag;
  }

  long varint() {
    var value = 0L;
    for (var shift = 0; shift < 64; shift += 7) {
      if (position >= end) {
        throw truncated();
      }
      var b = bytes[position++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw BadBodyException.malformed("not protobuf: a number is longer than ten bytes");
  }

  double doubleValue() {
    if (end - position < 8) {
      throw truncated();
    }
    var bits = (long) LONGS.get(bytes, position);
    position += 8;
    return Double.longBitsToDouble(bits);
  }

  /**
   * Whether a sample stands here as all senders write it: its length, the value, and a time of this
   * century in six bytes. Then it can be read without a look at each byte.
   */
  boolean atUsualSample() {
    return end - position >= 1 + USUAL_SAMPLE
        && position + USUAL_TIME + 8 <= bytes.length
        && bytes[position] == USUAL_SAMPLE
        && bytes[position + 1] == (1 << 3 | FIXED64)
        && bytes[position + USUAL_TIME - 1] == (2 << 3 | VARINT)
        && ((long) LONGS.get(bytes, position + USUAL_TIME) & SIX_BYTES_MORE) == SIX_BYTES;
  }

  /** The value of the {@link #atUsualSample usual sample} here. */
  double usualValue() {
    return Double.longBitsToDouble((long) LONGS.get(bytes, position + 2));
  }

  /** Its time. */
  long usualTime() {
    var word = (long) LONGS.get(bytes, position + USUAL_TIME);
    return (word & 0x7f)
        | ((word >>> 1) & (0x7fL << 7))
        | ((word >>> 2) & (0x7fL << 14))
        | ((word >>> 3) & (0x7fL << 21))
        | ((word >>> 4) & (0x7fL << 28))
        | ((word >>> 5) & (0x7fL << 35));
  }

  /** Passes over it. */
  void passUsualSample() {
    position += 1 + USUAL_SAMPLE;
  }

  /**
   * Enters a field of bytes: until {@link #leave} is given the result, the end is the field's.
   *
   * @return the end to give back
   */
  int enter() {
    var length = varint();
    if (length < 0 || length > end - position) {
      throw truncated();
    }
    var outer = end;
    end = position + (int) length;
    return outer;
  }

  /** Leaves a field of bytes, at its end whether all was read or not. */
  void leave(int outer) {
    position = end;
    end = outer;
  }

  /** The end of the field that was entered. */
  int end() {
    return end;
  }

  /** Passes over a field that is of no interest. */
  void skip(int tag) {
    switch (tag & 7) {
      case VARINT -> varint();
      case FIXED64 -> advance(8);
      case FIXED32 -> advance(4);
      case BYTES -> leave(enter());
      default -> throw BadBodyException.malformed("not protobuf: wire type " + (tag & 7));
    }
  }

  /** Passes over bytes. */
  void advance(int count) {
    if (end - position < count) {
      throw truncated();
    }
    position += count;
  }

  private static BadBodyException truncated() {
    return BadBodyException.malformed("not protobuf: it ends in the middle of a field");
  }
}
