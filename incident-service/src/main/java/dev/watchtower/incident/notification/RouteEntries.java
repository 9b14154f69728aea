package dev.watchtower.incident.notification;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Notifications;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.EntrySource;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Says on the timeline, once, that nobody is told of an incident: because no route takes it, or
 * because none of the channels that it goes to has an address.
 */
public final class RouteEntries implements EntrySource {
  private static final Actor ACTOR = Actor.policy("routes");

  private final Notices notices;
  private final Predicate<UUID> muted;
  private final Supplier<Catalog> catalog;
  private final InstantSource clock;

  /**
   * A source.
   *
   * @param muted whether the incident is muted, which is said elsewhere
   */
  public RouteEntries(
      Notices notices, Predicate<UUID> muted, Supplier<Catalog> catalog, InstantSource clock) {
    this.notices = notices;
    this.muted = muted;
    this.catalog = catalog;
    this.clock = clock;
  }

  @Override
  public List<Draft> entriesFor(@Nullable Incident before, Incident after, Cause cause) {
    boolean news = before == null || cause.isFired() || cause.unmuted();
    var all = catalog.get().notifications();
    var subject = after.subject();
    var now = clock.instant();
    var channels = all.channelsFor(subject.service(), subject.env(), after.severity(), now);
    if (!news
        || channels.stream().anyMatch(Channel::isConfigured)
        || muted.test(after.id())
        || notices.isUnrouted(after.id())
        || !notices.told(after.id()).isEmpty()) {
      return List.of();
    }
    return List.of(
        channels.isEmpty()
            ? entry(now, "Nobody is told: " + why(after, all), "NO_ROUTE")
            : entry(now, "Nobody could be told: " + missing(channels), "NO_ADDRESS"));
  }

  private static Draft entry(Instant now, String summary, String result) {
    return new Draft(now, TimelineKind.NOTIFICATION, ACTOR, summary, Map.of("result", result));
  }

  private static String missing(List<Channel> channels) {
    return channels.stream()
        .map(c -> "the channel '%s' has no address (%s)".formatted(c.name(), c.missing()))
        .collect(Collectors.joining(", "));
  }

  /** Why no route takes it. */
  static String why(Incident incident, Notifications catalog) {
    var subject = incident.subject();
    boolean closed =
        catalog.routes().stream()
            .anyMatch(r -> r.covers(subject.service(), subject.env(), incident.severity()));
    return closed ? "no route that takes it is open now" : "no route takes it";
  }
}
