package dev.watchtower.monitor.statuspage;

import dev.watchtower.common.wire.IncidentState;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Where an incident stands, in the words of the Statuspage API. */
public enum PublicStatus {
  INVESTIGATING("Investigating"),
  IDENTIFIED("Identified"),
  MONITORING("Monitoring"),
  RESOLVED("Resolved");

  private final String words;

  PublicStatus(String words) {
    this.words = words;
  }

  /** As the API writes it. */
  public String api() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** The status that the API writes as {@code word}; empty if there is none. */
  public static Optional<PublicStatus> ofWord(String word) {
    return Arrays.stream(values()).filter(s -> s.api().equals(word)).findFirst();
  }

  /** What the public is told of a state. */
  public static PublicStatus of(IncidentState state) {
    return switch (state) {
      case OPEN, ACKNOWLEDGED, INVESTIGATING -> INVESTIGATING;
      case IDENTIFIED -> IDENTIFIED;
      case MITIGATED -> MONITORING;
      case RESOLVED -> RESOLVED;
    };
  }
}
