package dev.watchtower.incident.notification;

import dev.watchtower.incident.notification.Notices.Card;
import java.time.Instant;
import java.util.Optional;

/**
 * What is handed to a channel.
 *
 * @param incident what to say of the incident, as it stands now; empty for a message about none
 * @param posted the incident's card in the channel, if it has one
 * @param now when it is handed over
 */
public record Letter(
    Notice notice, Optional<IncidentCard> incident, Optional<Card> posted, Instant now) {
  /**
   * The incident.
   *
   * @throws IllegalStateException if it is about none
   */
  public IncidentCard card() {
    return incident.orElseThrow(
        () -> new IllegalStateException("notice " + notice.id() + " is about no incident"));
  }
}
