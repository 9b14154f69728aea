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
  private static final String CLOSED = "We have looked into this and closed it.";

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
   * @param isMitigated whether it was mitigated before it ended; false for a false alarm, and for
   *     what was merged into another incident
   */
  public String text(boolean isBack, boolean isMitigated) {
    return switch (this) {
      case INVESTIGATING -> isBack ? AGAIN : text;
      case RESOLVED -> isMitigated ? text : CLOSED;
      case IDENTIFIED, MONITORING -> text;
    };
  }
}
