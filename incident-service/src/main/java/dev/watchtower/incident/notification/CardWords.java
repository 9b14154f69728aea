package dev.watchtower.incident.notification;

import dev.watchtower.common.wire.IncidentState;
import java.time.Duration;

/** How the channels word and mark what a card says. */
public final class CardWords {
  private CardWords() {}

  /** A sign for the state; the state's word always stands beside it. */
  public static String sign(IncidentState state) {
    return switch (state) {
      case OPEN -> "🔴";
      case ACKNOWLEDGED, INVESTIGATING -> "🟠";
      case IDENTIFIED -> "🟡";
      case MITIGATED -> "🔵";
      case RESOLVED -> "✅";
    };
  }

  /** The same for a card: what was not resolved does not look as if it was. */
  public static String sign(IncidentCard card) {
    return card.end().words().isEmpty() ? sign(card.state()) : "☑️";
  }

  /** The state's colour as 0xRRGGBB. */
  public static int colour(IncidentState state) {
    return switch (state) {
      case OPEN -> 0xD92D20;
      case ACKNOWLEDGED, INVESTIGATING -> 0xF79009;
      case IDENTIFIED -> 0xFDB022;
      case MITIGATED -> 0x2E90FA;
      case RESOLVED -> 0x12B76A;
    };
  }

  /** A length of time for people, for example {@code 95 min}. */
  public static String words(Duration lasted) {
    long minutes = lasted.toMinutes();
    if (minutes < 1) {
      return lasted.toSeconds() + " s";
    }
    return minutes < 120
        ? minutes + " min"
        : "%d h %d min".formatted(lasted.toHours(), lasted.toMinutesPart());
  }
}
