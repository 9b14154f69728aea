package dev.watchtower.incident.notification.http;

/**
 * Text for Slack and what takes its webhooks. There is no escape that all of them know, so markup
 * becomes characters that look the same and mean nothing; no mention, no link, no trick with the
 * writing direction. What is too long is cut visibly.
 */
final class SlackText {
  /** The end of a text that was cut. */
  static final String MORE = "… more in the dashboard";

  private static final char ZERO_WIDTH_SPACE = '\u200b';
  private static final String MARKUP = "*`~[]|#";
  private static final String LOOKALIKES = "∗ˋ∼［］∣＃";

  private SlackText() {}

  /** The text as it is shown letter by letter, in at most {@code max} characters; one line. */
  static String plain(String text, int max) {
    var out = new StringBuilder(Math.min(text.length(), max) + 16);
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      int next = i + Character.charCount(c);
      int before = out.length();
      append(c, text, next, out);
      if (out.length() > max) {
        // Whole characters and whole entities only.
        out.setLength(before);
        return cut(out, max);
      }
      i = next;
    }
    return out.toString().strip();
  }

  private static String cut(StringBuilder out, int max) {
    while (out.length() + MORE.length() > max && !out.isEmpty()) {
      int entity = out.charAt(out.length() - 1) == ';' ? out.lastIndexOf("&") : -1;
      int last = out.length() - 1;
      boolean pair = last > 0 && Character.isLowSurrogate(out.charAt(last));
      out.setLength(entity >= 0 ? entity : pair ? last - 1 : last);
    }
    return out.toString().strip() + MORE.substring(0, Math.min(MORE.length(), max));
  }

  private static void append(int c, String text, int next, StringBuilder out) {
    if (Character.isWhitespace(c) || Character.isISOControl(c)) {
      if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
        out.append(' ');
      }
      return;
    }
    if (Character.getType(c) == Character.FORMAT || isLoneSurrogate(c)) {
      // Invisible: writing direction, zero-width joiners; nothing that a reader misses.
      return;
    }
    switch (c) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '@' -> out.append('@').append(ZERO_WIDTH_SPACE);
      // Breaks 'https://': an address from telemetry must not become a link.
      case ':' -> out.append(':').append(text.startsWith("//", next) ? "" + ZERO_WIDTH_SPACE : "");
      case '_' -> out.append(isWithinAWord(text, next) ? '_' : '＿');
      default -> {
        int mark = c < 128 ? MARKUP.indexOf(c) : -1;
        out.appendCodePoint(mark < 0 ? c : LOOKALIKES.charAt(mark));
      }
    }
  }

  // As in error_rate, where it is no markup and people want to copy it.
  private static boolean isWithinAWord(String text, int next) {
    return next >= 2
        && next < text.length()
        && Character.isLetterOrDigit(text.charAt(next - 2))
        && Character.isLetterOrDigit(text.charAt(next));
  }

  private static boolean isLoneSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }
}
