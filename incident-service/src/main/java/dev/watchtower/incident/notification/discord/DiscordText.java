package dev.watchtower.incident.notification.discord;

/**
 * Text for Discord. What came from telemetry is made harmless: no markup, no mention, no link, no
 * trick with the writing direction. What is too long is cut visibly.
 */
final class DiscordText {
  /** The end of a text that was cut. */
  static final String MORE = "… more in the dashboard";

  private static final char ZERO_WIDTH_SPACE = '\u200b';
  private static final String MARKUP = "\\*_~`|>#-[]()<:!";

  private DiscordText() {}

  /** The text as Discord shows it letter by letter; line breaks become spaces. */
  static String plain(String text) {
    var out = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> append(c, out));
    return out.toString().strip();
  }

  private static void append(int c, StringBuilder out) {
    if (Character.isWhitespace(c) || Character.isISOControl(c)) {
      if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
        out.append(' ');
      }
    } else if (Character.getType(c) == Character.FORMAT || isLoneSurrogate(c)) {
      // Invisible: writing direction, zero-width joiners; nothing that a reader misses.
      return;
    } else if (c == '@') {
      out.append('@').append(ZERO_WIDTH_SPACE);
    } else if (c == '/' && endsWith(out, "\\:")) {
      // Breaks 'https://': an address from telemetry must not become a link.
      out.append(ZERO_WIDTH_SPACE).append('/');
    } else {
      if (c < 128 && MARKUP.indexOf(c) >= 0) {
        out.append('\\');
      }
      out.appendCodePoint(c);
    }
  }

  private static boolean isLoneSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  private static boolean endsWith(StringBuilder out, String end) {
    int from = out.length() - end.length();
    return from >= 0 && out.substring(from).equals(end);
  }

  /** The text in at most {@code max} characters (UTF-16 units), cut visibly if need be. */
  static String fit(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Math.max(0, max - MORE.length());
    // Neither half a character nor half an escape may stay behind.
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    int slashes = 0;
    while (slashes < end && text.charAt(end - 1 - slashes) == '\\') {
      slashes++;
    }
    end -= slashes % 2;
    return text.substring(0, end) + MORE.substring(0, Math.min(MORE.length(), max));
  }
}
