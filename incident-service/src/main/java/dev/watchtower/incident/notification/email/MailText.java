package dev.watchtower.incident.notification.email;

import dev.watchtower.incident.notification.CardWords;
import dev.watchtower.incident.notification.IncidentCard;
import dev.watchtower.incident.notification.Letter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Words notices as plain text. What came from telemetry becomes one line each: neither a header nor
 * a further line can be smuggled in.
 */
final class MailText {
  private static final int LONGEST_SUBJECT = 180;
  private static final int LONGEST_LINE = 500;
  private static final int SIGNALS = 20;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private MailText() {}

  /** The subject. */
  static String subject(Letter letter) {
    var about = letter.notice().about();
    var text =
        letter
            .incident()
            .map(card ->
                switch (letter.notice().kind()) {
                  case ESCALATION, WORSE ->
                      "[%s] %s: %s".formatted(card.severity(), about, name(card));
                  case OPENED, EDIT, RESOLVED, TEST ->
                      "[%s] %s%s: %s"
                          .formatted(
                              card.severity(), card.state(), card.end().suffix(), name(card));
                })
            .orElseGet(() -> "Watchtower test: " + about);
    return line(text, LONGEST_SUBJECT);
  }

  private static String name(IncidentCard card) {
    return "#%d %s (%s) %s".formatted(card.number(), card.service(), card.env(), card.title());
  }

  /** The body. */
  static String body(Letter letter) {
    return letter
        .incident()
        .map(card -> body(letter, card))
        .orElseGet(() ->
            "This is a test: messages of Watchtower arrive here.\n"
                + line(letter.notice().about(), LONGEST_LINE)
                + "\n");
  }

  private static String body(Letter letter, IncidentCard card) {
    var out = new StringBuilder();
    if (!letter.notice().about().isEmpty()) {
      out.append(line(letter.notice().about(), LONGEST_LINE)).append("\n\n");
    }
    row(out, "Incident", "#" + card.number() + " " + card.title());
    row(out, "State", card.state() + card.end().suffix() + ", " + card.severity());
    row(out, "Where", card.service() + " (" + card.env() + ")");
    row(out, "Since", time(card.since()));
    if (card.lasted() != null) {
      row(out, "Lasted", CardWords.words(card.lasted()));
    }
    row(out, "Assigned", card.assignee() == null ? "nobody" : card.assignee());
    if (!card.impact().isEmpty()) {
      out.append("\nImpact\n");
      card.impact().stream()
          .limit(SIGNALS)
          .forEach(signal -> out.append("- ").append(line(signal, LONGEST_LINE)).append('\n'));
      if (card.impact().size() > SIGNALS) {
        out.append("… %d more in the dashboard\n".formatted(card.impact().size() - SIGNALS));
      }
    }
    if (!card.cause().isEmpty()) {
      out.append("\nLikely cause\n").append(line(card.cause(), LONGEST_LINE)).append('\n');
    }
    if (!card.repair().isEmpty()) {
      out.append("\nRepair\n").append(line(card.repair(), LONGEST_LINE)).append('\n');
    }
    return out.append('\n').append(card.link()).append('\n').toString();
  }

  private static void row(StringBuilder out, String name, String value) {
    out.append("%-10s%s%n".formatted(name, line(value, LONGEST_LINE)).replace("\r\n", "\n"));
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }

  /** The text as one line of at most {@code max} characters, cut visibly. */
  static String line(String text, int max) {
    var out = new StringBuilder(Math.min(text.length(), max) + 2);
    text.codePoints()
        .forEach(c -> {
          if (Character.isWhitespace(c) || Character.isISOControl(c) || isLineSeparator(c)) {
            if (!out.isEmpty() && out.charAt(out.length() - 1) != ' ') {
              out.append(' ');
            }
          } else if (Character.getType(c) != Character.FORMAT
              && Character.getType(c) != Character.SURROGATE) {
            out.appendCodePoint(c);
          }
        });
    var whole = out.toString().strip();
    if (whole.length() <= max) {
      return whole;
    }
    int end = max - 1;
    return whole.substring(0, Character.isHighSurrogate(whole.charAt(end - 1)) ? end - 1 : end)
        + "…";
  }

  private static boolean isLineSeparator(int c) {
    return Character.getType(c) == Character.LINE_SEPARATOR
        || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
  }
}
