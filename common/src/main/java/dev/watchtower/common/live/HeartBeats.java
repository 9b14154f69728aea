package dev.watchtower.common.live;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What was agreed on heart-beats; 0 for none.
 *
 * @param sendMillis we send one at least so often
 * @param expectMillis the other side does
 */
record HeartBeats(long sendMillis, long expectMillis) {
  /** How often we can send, and want to hear. */
  static final long OURS = 10_000;

  private static final Pattern HEADER = Pattern.compile("\\s*(\\d{1,15})\\s*,\\s*(\\d{1,15})\\s*");

  /**
   * Each direction beats at the slower of what one offers and the other wants (STOMP 1.2,
   * "Heart-beating").
   *
   * @param header {@code heart-beat} of the CONNECT frame
   * @return null where that is none
   */
  static @Nullable HeartBeats agreed(@Nullable String header) {
    var numbers = HEADER.matcher(header == null ? "0,0" : header);
    return numbers.matches()
        ? new HeartBeats(slower(numbers.group(2)), slower(numbers.group(1)))
        : null;
  }

  private static long slower(String theirs) {
    long millis = Long.parseLong(theirs);
    return millis == 0 ? 0 : Math.max(OURS, millis);
  }
}
