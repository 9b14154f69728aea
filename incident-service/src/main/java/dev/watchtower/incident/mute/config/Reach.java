package dev.watchtower.incident.mute.config;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.incident.lifecycle.Incident;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Says whether people know of an incident: by a message of ours, or because who reported an outage
 * told Discord of it itself, which is then no news there. In the caller's transaction; thread-safe.
 */
final class Reach {
  private final BiPredicate<UUID, Set<String>> byMessage;
  private final Predicate<Channel> canTell;
  private final Predicate<UUID> toldElsewhere;
  private final Supplier<Catalog> catalog;
  private final InstantSource clock;

  /**
   * Of incidents.
   *
   * @param byMessage whether a channel has taken the news of its opening, or is about to, or they
   *     wait in a line in which news for these channels would wait as well
   * @param canTell whether a channel is of use: it has an address and is not broken
   * @param toldElsewhere whether the sender of one of its signals has told people itself
   */
  Reach(
      BiPredicate<UUID, Set<String>> byMessage,
      Predicate<Channel> canTell,
      Predicate<UUID> toldElsewhere,
      Supplier<Catalog> catalog,
      InstantSource clock) {
    this.byMessage = byMessage;
    this.canTell = canTell;
    this.toldElsewhere = toldElsewhere;
    this.catalog = catalog;
    this.clock = clock;
  }

  /**
   * Whether it does for those whom {@code dependant} would be told.
   *
   * @param incident of which people may know
   */
  boolean reaches(Incident dependant, Incident incident) {
    return byMessage.test(incident.id(), waysTo(dependant))
        || (isForDiscord(incident) && toldElsewhere.test(incident.id()));
  }

  // A channel that can tell nobody is no other place where the dependant would be told. Where none
  // can, it is as if all could: nobody is told either way, and the timeline says why.
  private Set<String> waysTo(Incident dependant) {
    var all = routes(dependant);
    var usable = all.stream().filter(canTell).toList();
    return (usable.isEmpty() ? all : usable)
        .stream().map(Channel::name).collect(Collectors.toSet());
  }

  private boolean isForDiscord(Incident incident) {
    return routes(incident).stream()
        .anyMatch(channel -> channel instanceof Channel.Discord && channel.isConfigured());
  }

  private List<Channel> routes(Incident incident) {
    var subject = incident.subject();
    return catalog
        .get()
        .notifications()
        .channelsFor(subject.service(), subject.env(), incident.severity(), clock.instant());
  }
}
