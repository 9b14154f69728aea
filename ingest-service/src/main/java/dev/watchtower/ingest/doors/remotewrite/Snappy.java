package dev.watchtower.ingest.doors.remotewrite;

import dev.watchtower.ingest.doors.BadBodyException;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import io.airlift.compress.v3.snappy.SnappyJavaDecompressor;
import java.util.Arrays;
import java.util.function.IntFunction;

/** The snappy block format, with limits. Thread-safe. */
final class Snappy {
  /** No snappy element makes more than 64 bytes of 3. */
  private static final long MAX_RATIO = 22;

  private Snappy() {}

  /** Decompressed bytes; behind {@code length} there may be others. */
  @SuppressWarnings("ArrayRecordComponent")
  record Raw(byte[] bytes, int length) {}

  /**
   * The bytes decompressed.
   *
   * @param buffer gives at least that many bytes
   * @throws BadBodyException if they are not snappy, or more than {@code limit}
   */
  static Raw decompress(byte[] body, long limit, IntFunction<byte[]> buffer) {
    var length = claimed(body, limit);
    var raw = buffer.apply((int) length);
    int written;
    try {
      written = new SnappyJavaDecompressor().decompress(body, 0, body.length, raw, 0, (int) length);
    } catch (RuntimeException e) {
      // The library throws several kinds for damaged input.
      throw BadBodyException.malformed("not snappy (block format): " + e.getMessage());
    }
    if (written != length) {
      throw BadBodyException.malformed("not snappy: shorter than it claims");
    }
    return new Raw(raw, written);
  }

  /**
   * How long the bytes claim to be, decompressed.
   *
   * @throws BadBodyException if they cannot be, or it is more than {@code limit}
   */
  static long claimed(byte[] body, long limit) {
    var length = length(body);
    if (length > limit) {
      throw BadBodyException.tooLarge(limit);
    }
    if (length > body.length * MAX_RATIO) {
      throw BadBodyException.malformed("not snappy: it claims more than can be in it");
    }
    return length;
  }

  /** The length that the block claims, from its preamble. */
  private static long length(byte[] body) {
    var length = 0L;
    for (var i = 0; i < 5; i++) {
      if (i == body.length) {
        throw BadBodyException.malformed("not snappy: the body ends in its first bytes");
      }
      length |= (long) (body[i] & 0x7f) << (7 * i);
      if (body[i] >= 0) {
        return length;
      }
    }
    throw BadBodyException.malformed("not snappy: no length at its start");
  }

  /** The first {@code length} bytes compressed. */
  static byte[] compress(byte[] raw, int length) {
    var compressor = new SnappyJavaCompressor();
    var target = new byte[compressor.maxCompressedLength(length)];
    var written = compressor.compress(raw, 0, length, target, 0, target.length);
    return Arrays.copyOf(target, written);
  }
}
