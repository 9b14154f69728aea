package dev.watchtower.incident.statusupdate;

import dev.watchtower.common.wire.IncidentState;
import java.util.Locale;

/** Statuspage's four words for where an incident stands, and what is said of each by itself. */
public enum PublicWord {
  INVESTIGATING("Something is wrong, and we are looking into it."),
  IDENTIFIED("We know the cause and are working on it."),
  MONITORING("It works again. We keep watching."),
  RESOLVED("This is resolved.");

  private static final String AGAIN = "The problem is back, and we are looking into it again.";
  private static final String CLOSED = "We have looked into this: it was a false alarm.";

  /** Of what goes on in another incident of the same component. */
  static final String JOINED = "We are now following this together with another incident.";

  /** Of what was merged into an incident that the status page does not show. */
  static final String HANDED_OVER = "We have joined this with another incident.";

  private final String text;

  PublicWord(String text) {
    this.text = text;
  }

  /** The word for a state. */
  public static PublicWord of(IncidentState state) {
    return switch (state) {
      case OPEN, ACKNOWLEDGED, INVESTIGATING -> INVESTIGATING;
      case IDENTIFIED -> IDENTIFIED;
      case MITIGATED -> MONITORING;
      case RESOLVED -> RESOLVED;
    };
  }

  /** As Statuspage writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A plain text for an incident that has come to this, with nothing of the inside in it.
   *
   * @param isBack whether the public was told that it works again
   * @param isMitigated whether it was mitigated before it ended; false for a false alarm
   */
  public String text(boolean isBack, boolean isMitigated) {
    return switch (this) {
      case INVESTIGATING -> isBack ? AGAIN : text;
      case RESOLVED -> isMitigated ? text : CLOSED;
      case IDENTIFIED, MONITORING -> text;
    };
  }
}
