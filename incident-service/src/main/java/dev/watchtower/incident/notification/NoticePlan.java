package dev.watchtower.incident.notification;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Decides which messages a change of an incident calls for. Pure. */
public final class NoticePlan {
  /** A message to make. */
  public record Planned(Catalog.Channel channel, Notice.Kind kind, String about) {}

  private NoticePlan() {}

  /**
   * The messages for {@code change}, in the order in which they are to be sent.
   *
   * @param told the channels that have been told of the incident's opening
   * @param muted whether the incident is muted: who has not been told of it is not told now
   */
  public static List<Planned> of(
      IncidentChange change, Catalog catalog, Set<String> told, boolean muted) {
    var about = about(change);
    if (about.isEmpty()) {
      return List.of();
    }
    var planned = new ArrayList<Planned>();
    for (var channel : catalog.channels()) {
      boolean knows = told.contains(channel.name());
      if (knows || (!muted && isRouted(change.after(), channel, catalog))) {
        planFor(channel, knows, change, about, planned);
      }
    }
    return List.copyOf(planned);
  }

  private static void planFor(
      Catalog.Channel channel,
      boolean knows,
      IncidentChange change,
      String about,
      List<Planned> planned) {
    boolean over = change.moved() && change.after().isResolved();
    if (knows) {
      planned.add(new Planned(channel, Notice.Kind.EDIT, about));
    } else if (!over && isNews(change)) {
      planned.add(new Planned(channel, Notice.Kind.OPENED, about));
    }
    if (over) {
      planned.add(new Planned(channel, Notice.Kind.RESOLVED, about));
    }
  }

  // An outage that its sender told of itself is news in no channel, until another signal joins.
  private static boolean isNews(IncidentChange change) {
    var cause = change.cause();
    return !cause.toldElsewhere() && (change.opened() || cause.fired() != null || cause.unmuted());
  }

  private static boolean isRouted(Incident incident, Catalog.Channel channel, Catalog catalog) {
    var subject = incident.subject();
    return catalog.routes().stream()
        .anyMatch(route ->
            route.channel().equals(channel.name())
                && route.matches(subject.service(), subject.env(), incident.severity()));
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
    if (!Objects.equals(before.assignee(), after.assignee())) {
      return "assignee changed";
    }
    if (!before.signals().equals(after.signals())) {
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

  private static boolean has(IncidentChange change, TimelineKind kind) {
    return change.entries().stream().anyMatch(e -> e.kind() == kind);
  }
}
