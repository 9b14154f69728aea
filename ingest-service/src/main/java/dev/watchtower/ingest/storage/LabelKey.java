package dev.watchtower.ingest.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that name a series on the wire, as a key. One object can be moved over a request's
 * bytes without a copy; {@link #copy} makes the one that is kept. Not thread-safe while moved.
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

  /** A key of its own, with a copy of the bytes. */
  LabelKey copy() {
    var copy = new LabelKey();
    copy.bytes = Arrays.copyOfRange(bytes, from, to);
    copy.to = to - from;
    copy.hash = hash;
    return copy;
  }

  /**
   * Whether these very bytes stand at {@code from} in others; no hash is needed to ask.
   *
   * @param end of the others
   */
  public boolean standsAt(byte[] others, int from, int end) {
    var length = to - this.from;
    return length <= end - from && Arrays.equals(bytes, this.from, to, others, from, from + length);
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

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LabelKey that
        && that.hash == hash
        && Arrays.equals(bytes, from, to, that.bytes, that.from, that.to);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
