package dev.watchtower.incident.notification.discord;

import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.lifecycle.TransitionTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The buttons below a card, as Discord's components. What is pressed comes back as the button's
 * {@code custom_id}.
 */
final class Buttons {
  private static final int ROW = 1;
  private static final int BUTTON = 2;
  private static final int PRIMARY = 1;
  private static final int SUCCESS = 3;
  private static final Pattern ID =
      Pattern.compile("watchtower:(ACKNOWLEDGE|RESOLVE):([0-9a-f-]{36})");

  /** What a pressed button asks for. */
  record Pressed(IncidentEvent event, UUID incident) {}

  private Buttons() {}

  /** The components for an incident in that state; none once it is resolved. */
  static List<Object> of(UUID incident, IncidentState state) {
    if (state == IncidentState.RESOLVED) {
      return List.of();
    }
    return row(
        button(
            incident, IncidentEvent.ACKNOWLEDGE, "Acknowledge", PRIMARY, isForAcknowledging(state)),
        button(
            incident,
            IncidentEvent.RESOLVE,
            "Resolve",
            SUCCESS,
            TransitionTable.allowedFor(state).contains(IncidentEvent.RESOLVE)));
  }

  /** The component of a message that asks for somebody. */
  static List<Object> acknowledge(UUID incident) {
    return row(button(incident, IncidentEvent.ACKNOWLEDGE, "Acknowledge", PRIMARY, true));
  }

  /** A button that shows that the channel takes buttons, and does nothing. */
  static List<Object> trial() {
    return row(
        Map.of(
            "type",
            BUTTON,
            "style",
            PRIMARY,
            "label",
            "Acknowledge",
            "custom_id",
            "watchtower:test",
            "disabled",
            true));
  }

  /** Whether somebody can say in that state that they are on it, for the first time or again. */
  static boolean isForAcknowledging(IncidentState state) {
    return switch (state) {
      case OPEN, ACKNOWLEDGED, INVESTIGATING, IDENTIFIED -> true;
      case MITIGATED, RESOLVED -> false;
    };
  }

  private static List<Object> row(Object... buttons) {
    return List.of(Map.of("type", ROW, "components", List.of(buttons)));
  }

  private static Map<String, Object> button(
      UUID incident, IncidentEvent event, String label, int style, boolean enabled) {
    return Map.of(
        "type",
        BUTTON,
        "style",
        style,
        "label",
        label,
        "custom_id",
        "watchtower:" + event + ":" + incident,
        "disabled",
        !enabled);
  }

  /** What the id of a button asks for; empty if it is none of ours. */
  static Optional<Pressed> pressed(String customId) {
    var match = ID.matcher(customId);
    if (!match.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Pressed(IncidentEvent.valueOf(match.group(1)), UUID.fromString(match.group(2))));
    } catch (IllegalArgumentException e) {
      // Not a UUID after all.
      return Optional.empty();
    }
  }
}
