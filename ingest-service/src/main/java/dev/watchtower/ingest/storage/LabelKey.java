package dev.watchtower.ingest.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The bytes that name a series on the wire, as a key that is moved over a request's bytes without a
 * copy; {@link LabelBook} keeps one. Not thread-safe.
 */
public final class LabelKey {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long PRIME_1 = 0x9E3779B185EBCA87L;
  private static final long PRIME_2 = 0xC2B2AE3D27D4EB4FL;

  private byte[] bytes = new byte[0];
  private int from;
  private int to;
  private int hash;

  /** Moves the key over {@code bytes} from one place (included) to another (not). */
  public LabelKey over(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.hash = hash(bytes, from, to);
    return this;
  }

  /** Whether these very bytes are all that stands there. */
  boolean isAt(byte[] others, int offset, int length) {
    return Arrays.equals(bytes, from, to, others, offset, offset + length);
  }

  /** Copies the bytes. */
  void copyTo(byte[] target, int offset) {
    System.arraycopy(bytes, from, target, offset, to - from);
  }

  int hash() {
    return hash;
  }

  /** How many bytes it has. */
  public int length() {
    return to - from;
  }

  /** Eight bytes at a time, in the manner of xxHash64. */
  private static int hash(byte[] bytes, int from, int to) {
    var hash = PRIME_1 + to - from;
    var at = from;
    for (; at + 8 <= to; at += 8) {
      hash = Long.rotateLeft(hash ^ (long) LONGS.get(bytes, at) * PRIME_2, 27) * PRIME_1;
    }
    for (; at < to; at++) {
      hash = Long.rotateLeft(hash ^ bytes[at] * PRIME_1, 11) * PRIME_2;
    }
    hash ^= hash >>> 33;
    hash *= PRIME_2;
    return (int) (hash ^ hash >>> 29);
  }
}
