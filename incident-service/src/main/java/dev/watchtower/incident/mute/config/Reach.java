package dev.watchtower.incident.mute.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.incident.lifecycle.Incident;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Says whether people know of an incident: by a message of ours, or because who reported an outage
 * told Discord of it itself, which is then no news there. In the caller's transaction; thread-safe.
 */
final class Reach {
  private final Predicate<UUID> byMessage;
  private final Predicate<UUID> toldElsewhere;
  private final Supplier<Catalog> catalog;
  private final InstantSource clock;

  /**
   * Of incidents.
   *
   * @param byMessage whether a channel has taken the news of its opening, or is about to
   * @param toldElsewhere whether the sender of one of its signals has told people itself
   */
  Reach(
      Predicate<UUID> byMessage,
      Predicate<UUID> toldElsewhere,
      Supplier<Catalog> catalog,
      InstantSource clock) {
    this.byMessage = byMessage;
    this.toldElsewhere = toldElsewhere;
    this.catalog = catalog;
    this.clock = clock;
  }

  boolean reaches(Incident incident) {
    return byMessage.test(incident.id())
        || (isForDiscord(incident) && toldElsewhere.test(incident.id()));
  }

  private boolean isForDiscord(Incident incident) {
    var subject = incident.subject();
    return catalog
        .get()
        .notifications()
        .channelsFor(subject.service(), subject.env(), incident.severity(), clock.instant())
        .stream()
        .anyMatch(channel -> channel instanceof Channel.Discord && channel.isConfigured());
  }
}
