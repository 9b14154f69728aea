package dev.watchtower.common.live;

/** Escaping of header values in STOMP 1.2, section "Value Encoding". */
final class StompText {
  private StompText() {}

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
}
