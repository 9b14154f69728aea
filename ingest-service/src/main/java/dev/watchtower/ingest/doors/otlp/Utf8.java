package dev.watchtower.ingest.doors.otlp;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts on the wire that are not UTF-8. */
final class Utf8 {
  private static final int AT_ONCE = 512;

  private Utf8() {}

  /** Puts {@code ?} in place of each byte that is no part of a character; all others stay. */
  static void mend(byte[] bytes, int from, int length) {
    if (isAscii(bytes, from, from + length)) {
      return;
    }
    var decoder = StandardCharsets.UTF_8.newDecoder();
    var in = ByteBuffer.wrap(bytes, from, length);
    var out = CharBuffer.allocate(AT_ONCE);
    CoderResult result;
    do {
      result = decoder.decode(in, out.clear(), true);
      if (result.isMalformed()) {
        Arrays.fill(bytes, in.position(), in.position() + result.length(), (byte) '?');
      }
    } while (!result.isUnderflow());
  }

  private static boolean isAscii(byte[] bytes, int from, int to) {
    for (var i = from; i < to; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }
}
