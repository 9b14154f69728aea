package dev.watchtower.monitor.statuspage;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Catalog.StatusPage.Updates;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.common.wire.StatusUpdate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Puts an incident into public words: what was published of it in incident-service, word for word;
 * where that says nothing of an incident, and the catalog does not ask for people's words, our own.
 * Pure.
 */
public final class PublicWords {
  /** The name of an incident that touches no component: those of its inside are not public. */
  private static final String NO_COMPONENT = "Service incident";

  private PublicWords() {}

  // An incident can come to be about another service, and others can join it: what it touched
  // stays.
  private static Set<String> servicesOf(@Nullable PublicIncident before, IncidentView incident) {
    var services = new HashSet<String>(before == null ? Set.of() : before.services());
    services.add(incident.service());
    incident.signals().forEach(signal -> services.add(signal.service()));
    return services;
  }

  private static List<String> componentsOf(
      @Nullable PublicIncident before,
      IncidentView incident,
      Set<String> services,
      Catalog catalog) {
    var components = new LinkedHashSet<String>(before == null ? List.of() : before.components());
    catalog.statusPage().components().stream()
        .filter(c -> c.env().equals(incident.env()))
        .filter(c -> c.services().stream().anyMatch(services::contains))
        .map(Catalog.StatusPage.Component::name)
        .forEach(components::add);
    return List.copyOf(components);
  }

  /**
   * What the public is told once the incident stands as {@code incident} says.
   *
   * @param before what it was told so far; null for nothing
   * @return empty if nothing was published of it, and it touches no component of the status page,
   *     or is over without the public having heard of it
   */
  public static Optional<PublicIncident> of(
      @Nullable PublicIncident before, IncidentView incident, Catalog catalog, Instant now) {
    var services = servicesOf(before, incident);
    var components = componentsOf(before, incident, services, catalog);
    var published = published(incident);
    // What a person published is shown, whatever it touches. What ended untold stays so: it may be
    // old, and touch a component only since the catalog was changed.
    boolean untold = before == null && incident.state() == IncidentState.RESOLVED;
    if (published.isEmpty()
        && (untold || components.isEmpty() || catalog.statusPage().updates() == Updates.DRAFT)) {
      return Optional.empty();
    }
    var updates = published.isEmpty() ? ours(before, incident, now) : published;
    var status = statusOf(incident, updates.getLast());
    return Optional.of(
        new PublicIncident(
            incident.id(),
            nameOf(before, incident, components, catalog),
            impact(incident.severity()),
            status,
            components,
            services,
            isOver(incident),
            incident.openedAt(),
            updates.getLast().at(),
            incident.mitigatedAt(),
            status == PublicStatus.RESOLVED ? endOf(incident, updates.getLast()) : null,
            updates));
  }

  // What was said at the end is the last word, also where it was another than 'resolved': an
  // incident that was merged goes on in another one and must not stand on the page for ever.
  private static PublicStatus statusOf(IncidentView incident, PublicIncident.Update last) {
    var resolved = incident.resolvedAt();
    return resolved != null && !last.at().isBefore(resolved)
        ? PublicStatus.RESOLVED
        : last.status();
  }

  private static boolean isOver(IncidentView incident) {
    return incident.state() == IncidentState.MITIGATED
        || incident.state() == IncidentState.RESOLVED;
  }

  /** What the public is told of an incident that its owner knows no more. */
  static PublicIncident closed(PublicIncident before, Instant now) {
    var updates = new ArrayList<PublicIncident.Update>(before.updates());
    updates.add(
        new PublicIncident.Update(
            id(before.id(), updates.size()),
            PublicStatus.RESOLVED,
            "This incident is closed.",
            now));
    return new PublicIncident(
        before.id(),
        before.name(),
        before.impact(),
        PublicStatus.RESOLVED,
        before.components(),
        before.services(),
        true,
        before.createdAt(),
        now,
        before.monitoringAt(),
        now,
        updates);
  }

  /** What was published of it in incident-service, the oldest first. */
  private static List<PublicIncident.Update> published(IncidentView incident) {
    return incident.statusUpdates().stream()
        .filter(u -> u.state() == StatusUpdate.State.PUBLISHED)
        .flatMap(u -> PublicStatus.ofWord(u.status()).map(status -> update(u, status)).stream())
        .toList();
  }

  private static PublicIncident.Update update(StatusUpdate told, PublicStatus status) {
    var at = told.publishedAt();
    return new PublicIncident.Update(
        told.id(), status, told.body(), at == null ? told.createdAt() : at);
  }

  private static List<PublicIncident.Update> ours(
      @Nullable PublicIncident before, IncidentView incident, Instant now) {
    var status = PublicStatus.of(incident.state());
    var updates =
        new ArrayList<PublicIncident.Update>(before == null ? List.of() : before.updates());
    if (updates.isEmpty()) {
      updates.add(update(incident, PublicStatus.INVESTIGATING, 0, incident.openedAt(), false));
    }
    if (updates.getLast().status() != status) {
      boolean again =
          updates.getLast().status().compareTo(PublicStatus.MONITORING) >= 0
              && status != PublicStatus.RESOLVED;
      updates.add(update(incident, status, updates.size(), timeOf(incident, now), again));
    }
    return updates;
  }

  private static Instant endOf(IncidentView incident, PublicIncident.Update last) {
    var resolved = incident.resolvedAt();
    return resolved == null ? last.at() : resolved;
  }

  private static Instant timeOf(IncidentView incident, Instant now) {
    Instant at =
        switch (incident.state()) {
          case MITIGATED -> incident.mitigatedAt();
          case RESOLVED -> incident.resolvedAt();
          default -> null;
        };
    return at == null ? now : at;
  }

  /** The id comes from the incident and the position, so that telling twice tells the same. */
  private static PublicIncident.Update update(
      IncidentView incident, PublicStatus status, int index, Instant at, boolean again) {
    return new PublicIncident.Update(
        id(incident.id(), index), status, body(incident, status, again), at);
  }

  private static UUID id(UUID incident, int index) {
    return UUID.nameUUIDFromBytes((incident + "/" + index).getBytes(StandardCharsets.UTF_8));
  }

  private static String body(IncidentView incident, PublicStatus status, boolean again) {
    return switch (status) {
      case INVESTIGATING ->
          again
              ? "The problem is back, and we are looking into it again."
              : "Something is wrong, and we are looking into it.";
      case IDENTIFIED -> "We know the cause and are working on it.";
      case MONITORING -> "It works again. We keep watching.";
      case RESOLVED ->
          incident.state() == IncidentState.RESOLVED && incident.mitigatedAt() == null
              ? "This turned out to be a false alarm."
              : "This is resolved.";
    };
  }

  // The name stays, except that of one which touched nothing the public knows until now, or which
  // was over and is back, perhaps with other trouble.
  private static String nameOf(
      @Nullable PublicIncident before,
      IncidentView incident,
      List<String> components,
      Catalog catalog) {
    boolean back = before != null && before.over() && !isOver(incident);
    if (before != null && !back && before.components().isEmpty() == components.isEmpty()) {
      return before.name();
    }
    return components.isEmpty() ? NO_COMPONENT : name(incident, components, catalog);
  }

  private static String name(IncidentView incident, List<String> components, Catalog catalog) {
    // What fires tells how it is and where; what cleared, how it was.
    var firing =
        incident.signals().stream().filter(s -> s.status() == SignalStatus.FIRING).toList();
    var signals = firing.isEmpty() ? incident.signals() : firing;
    var affected =
        catalog.statusPage().components().stream()
            .filter(c -> c.env().equals(incident.env()) && components.contains(c.name()))
            .filter(c ->
                c.services().contains(incident.service())
                    || firing.stream().anyMatch(s -> c.services().contains(s.service())))
            .map(Catalog.StatusPage.Component::name)
            .toList();
    var where = String.join(", ", affected.isEmpty() ? components : affected);
    if (signals.stream().anyMatch(s -> s.kind() == SignalKind.SERVICE_DOWN)) {
      return where + " unavailable";
    }
    for (var signal : signals) {
      var golden =
          catalog.rules().stream()
              .filter(r -> r.name().equals(signal.rule()))
              .map(r -> String.valueOf(r.signal()))
              .findFirst()
              .orElse("");
      if (golden.equals("error_rate")) {
        return where + ": elevated errors";
      }
      if (golden.startsWith("latency")) {
        return where + ": slow responses";
      }
    }
    return where + ": degraded service";
  }

  /** How bad an incident is for the public. */
  static Indicator impact(Severity severity) {
    return switch (severity) {
      case SEV1 -> Indicator.CRITICAL;
      case SEV2 -> Indicator.MAJOR;
      case SEV3 -> Indicator.MINOR;
      case SEV4 -> Indicator.NONE;
    };
  }

  /**
   * What an unresolved incident makes of its components; one that is mitigated, nothing, be that
   * published or not.
   */
  static ComponentStatus effect(PublicIncident incident) {
    if (incident.over()
        || incident.status() == PublicStatus.MONITORING
        || incident.status() == PublicStatus.RESOLVED) {
      return ComponentStatus.OPERATIONAL;
    }
    return switch (incident.impact()) {
      case CRITICAL, MAJOR -> ComponentStatus.PARTIAL_OUTAGE;
      case MINOR -> ComponentStatus.DEGRADED;
      case NONE, MAINTENANCE -> ComponentStatus.OPERATIONAL;
    };
  }
}
