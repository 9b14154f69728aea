package dev.watchtower.incident.notification;

import dev.watchtower.common.catalog.Notifications;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.catalog.Notifications.Updates;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Decides which messages a change of an incident calls for. Pure. */
public final class NoticePlan {
  /**
   * A message to make.
   *
   * @param skipped why it is not to be sent; null to send it
   */
  public record Planned(String channel, Notice.Kind kind, String about, @Nullable String skipped) {}

  // How long the services of one outage take to show: until then another service is no more than
  // an edit of the card.
  private static final Duration SORTING_OUT = Duration.ofMinutes(2);

  private NoticePlan() {}

  /**
   * Who knows of an incident.
   *
   * @param told the channels that have a message of its opening
   * @param opening whether that message still waits in a channel that has one: it will show the
   *     newest state, so that nothing more need be said
   * @param elsewhere whether who reported the trouble has told Discord of it itself; asked only if
   *     that makes a difference
   */
  public record Audience(Set<String> told, Predicate<String> opening, BooleanSupplier elsewhere) {}

  /**
   * The messages for {@code change}, in the order in which they are to be sent.
   *
   * @param audience who has been told of the incident's opening
   * @param muted whether the incident is muted: who has not been told of it is not told now, but
   *     that it is over where its sender told of it itself
   * @param now decides which routes are open
   */
  public static List<Planned> of(
      IncidentChange change, Notifications catalog, Audience audience, boolean muted, Instant now) {
    var about = about(change);
    if (about.isEmpty()) {
      return List.of();
    }
    var open = routed(change.after(), catalog, now);
    var routed = muted ? List.<Channel>of() : open;
    // No mute held back what a sender told of itself: its message stands there until it is over.
    var heard = isOver(change) ? open : routed;
    var told = audience.told();
    var planned = new ArrayList<Planned>();
    for (var channel : catalog.channels()) {
      boolean knows = told.contains(channel.name());
      if (knows || heard.contains(channel)) {
        planFor(channel, audience, change, about, planned);
        if (knows && channel instanceof Channel.Discord && channel.isConfigured()) {
          worse(change, now)
              .filter(what -> !audience.opening().test(channel.name()))
              .ifPresent(what -> planned.add(planned(channel, Notice.Kind.WORSE, what)));
        }
      }
    }
    if (!muted && told.isEmpty() && routed.isEmpty() && isNews(change, false)) {
      var why = RouteEntries.why(change.after(), catalog);
      planned.add(new Planned(Notice.NO_ROUTE, Notice.Kind.OPENED, about, why));
    }
    return List.copyOf(planned);
  }

  /**
   * The messages that an incident took {@code source} in, for those who were told of that one only.
   * They come whatever the routes and mutes of the incident say: what people know is not taken
   * back.
   *
   * @param toldOfSource the channels that have been told of the source's opening
   * @param told those that have been told of the incident's own
   */
  public static List<Planned> tookIn(
      Incident source, Notifications catalog, Set<String> toldOfSource, Set<String> told) {
    var about = "took in #" + source.number();
    return catalog.channels().stream()
        .filter(c -> toldOfSource.contains(c.name()) && !told.contains(c.name()))
        .map(channel -> planned(channel, Notice.Kind.OPENED, about))
        .toList();
  }

  /**
   * Whether nobody waits any more to be told of {@code target} once those messages are made: one of
   * them at least is sent, and no open route leads to a channel that does not hear of it.
   *
   * @param plan the messages that it took another one in
   * @param told the channels that have been told of its opening
   */
  public static boolean reachesAll(
      List<Planned> plan, Incident target, Notifications catalog, Set<String> told, Instant now) {
    var hearing = new HashSet<>(told);
    plan.forEach(planned -> hearing.add(planned.channel()));
    return plan.stream().anyMatch(planned -> planned.skipped() == null)
        && routed(target, catalog, now).stream().allMatch(c -> hearing.contains(c.name()));
  }

  private static void planFor(
      Channel channel,
      Audience audience,
      IncidentChange change,
      String about,
      List<Planned> planned) {
    boolean knows = audience.told().contains(channel.name());
    boolean discord = channel instanceof Channel.Discord;
    boolean over = isOver(change);
    if (knows && (discord || (!over && isAsked(change, channel.updates())))) {
      // An edit of a card that nobody sees is no news worth a row.
      if (channel.isConfigured()) {
        planned.add(planned(channel, Notice.Kind.EDIT, about));
      }
    } else if (!knows && !over && isNews(change, discord)) {
      planned.add(planned(channel, Notice.Kind.OPENED, about));
    }
    // Who never heard of it need not hear that it is over.
    if (over && (knows || (discord && audience.elsewhere().getAsBoolean()))) {
      planned.add(planned(channel, Notice.Kind.RESOLVED, about));
    }
  }

  private static boolean isOver(IncidentChange change) {
    return change.moved() && change.after().isResolved();
  }

  private static Planned planned(Channel channel, Notice.Kind kind, String about) {
    return new Planned(
        channel.name(),
        kind,
        about,
        channel.isConfigured() ? null : "the channel '" + channel.name() + "' has no address");
  }

  private static boolean isAsked(IncidentChange change, Updates updates) {
    return switch (updates) {
      case NONE -> false;
      case STATES ->
          change.moved() || rose(change) || fell(change) || isAboutAnotherService(change);
      case ALL -> true;
    };
  }

  // An outage that its sender told Discord of itself is no news there, until another signal joins.
  private static boolean isNews(IncidentChange change, boolean discord) {
    var cause = change.cause();
    return !(discord && cause.toldElsewhere())
        && (change.opened()
            || cause.isFired()
            || cause.unmuted()
            || rose(change)
            || isAboutAnotherService(change));
  }

  // What the edit of a card wakes nobody for, in words; a channel without cards is told anyway.
  private static Optional<String> worse(IncidentChange change, Instant now) {
    var before = change.before();
    var after = change.after();
    if (before == null || change.cause().toldElsewhere()) {
      return Optional.empty();
    }
    if (before.state() == IncidentState.MITIGATED && change.moved() && !after.isResolved()) {
      return Optional.of("it is back");
    }
    if (rose(change)) {
      return Optional.of(before.severity() + " → " + after.severity());
    }
    boolean sorted = after.marks().opened().plus(SORTING_OUT).isBefore(now);
    return isAboutAnotherService(change) && sorted
        ? Optional.of(anotherService(before, after))
        : Optional.empty();
  }

  private static boolean isAboutAnotherService(IncidentChange change) {
    var before = change.before();
    return before != null && !before.subject().service().equals(change.after().subject().service());
  }

  private static String anotherService(Incident before, Incident after) {
    return "about %s now, no longer %s"
        .formatted(after.subject().service(), before.subject().service());
  }

  private static boolean rose(IncidentChange change) {
    var before = change.before();
    return before != null && change.after().severity().compareTo(before.severity()) < 0;
  }

  private static boolean fell(IncidentChange change) {
    var before = change.before();
    return before != null && change.after().severity().compareTo(before.severity()) > 0;
  }

  private static List<Channel> routed(Incident incident, Notifications catalog, Instant now) {
    var subject = incident.subject();
    return catalog.channelsFor(subject.service(), subject.env(), incident.severity(), now);
  }

  /** What the change is about, for people; empty if no card shows any of it. */
  private static String about(IncidentChange change) {
    var before = change.before();
    var after = change.after();
    if (before == null) {
      return "opened";
    }
    if (before.state() != after.state()) {
      return before.state() + " → " + after.state();
    }
    if (before.severity() != after.severity()) {
      return before.severity() + " → " + after.severity();
    }
    if (isAboutAnotherService(change)) {
      return anotherService(before, after);
    }
    if (!Objects.equals(before.assignee(), after.assignee())) {
      return "assignee changed";
    }
    if (!steady(before).equals(steady(after))) {
      return "signals changed";
    }
    if (change.cause().unmuted()) {
      return "no longer muted";
    }
    if (has(change, TimelineKind.ANALYSIS)) {
      return "analysis arrived";
    }
    return has(change, TimelineKind.REMEDIATION) ? "repair" : "";
  }

  // What flaps is not told one by one; that it does, and that it is over, is.
  private static List<IncidentSignal> steady(Incident incident) {
    return incident.signals().stream().filter(signal -> !signal.flapping()).toList();
  }

  private static boolean has(IncidentChange change, TimelineKind kind) {
    return change.entries().stream().anyMatch(e -> e.kind() == kind);
  }
}
