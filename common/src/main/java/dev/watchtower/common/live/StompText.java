package dev.watchtower.common.live;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** How texts stand in frames of STOMP 1.2. */
final class StompText {
  private static final int MAX_ERROR = 500;

  private StompText() {}

  /** A header's value, as section "Value Encoding" wants it. */
  static String escaped(String value) {
    var out = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case ':' -> out.append("\\c");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  /**
   * An ERROR frame; clients show the header, the body, or both.
   *
   * @param message cut where it is long
   * @param escapes whether the client takes escapes back: before CONNECTED, and in version 1.0, it
   *     would show them
   */
  static String error(String message, @Nullable String receipt, boolean escapes) {
    var text = message.length() > MAX_ERROR ? message.substring(0, MAX_ERROR) : message;
    return "ERROR\nmessage:"
        + (escapes ? escaped(text) : text.replaceAll("[\\\\\r\n]", " "))
        + (receipt == null ? "" : "\nreceipt-id:" + escaped(receipt))
        + "\ncontent-type:text/plain\ncontent-length:"
        + text.getBytes(StandardCharsets.UTF_8).length
        + "\n\n"
        + text
        + "\0";
  }
}
