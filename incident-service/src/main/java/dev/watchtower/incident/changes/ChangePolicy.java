package dev.watchtower.incident.changes;

import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.incident.correlation.DependencyGraph;
import dev.watchtower.incident.lifecycle.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides which change events belong to an incident. Pure. */
public final class ChangePolicy {
  /** How long before the opening a change can have caused it. */
  public static final Duration BEFORE = Duration.ofMinutes(30);

  private ChangePolicy() {}

  /** Since when changes count for an incident. */
  public static Instant since(Incident incident) {
    return incident.marks().opened().minus(BEFORE);
  }

  /**
   * Of {@code events} those of the incident's services, of what they call, or of no service in
   * particular; the oldest first.
   *
   * @param events of the incident's environment, which they may call otherwise: who answered has
   *     matched {@code production} with {@code prod}
   */
  public static List<ChangeEvent> relevant(
      Incident incident, Collection<ChangeEvent> events, DependencyGraph graph, Instant now) {
    var services = servicesOf(incident, graph);
    var since = since(incident);
    return events.stream()
        .filter(e -> e.service() == null || services.contains(e.service()))
        .filter(e -> !e.time().isBefore(since) && !e.time().isAfter(now))
        .sorted(Comparator.comparing(ChangeEvent::time))
        .toList();
  }

  private static Set<String> servicesOf(Incident incident, DependencyGraph graph) {
    var affected =
        incident.signals().stream().map(IncidentSignal::service).collect(Collectors.toSet());
    affected.add(incident.subject().service());
    var all = new HashSet<>(affected);
    affected.forEach(service -> all.addAll(graph.dependenciesOf(service)));
    return all;
  }

  /** When a change was, seen from the opening. */
  static String words(ChangeEvent event, Incident incident) {
    var apart = Duration.between(event.time(), incident.marks().opened());
    var words =
        apart.abs().toMinutes() < 2
            ? apart.abs().toSeconds() + " s"
            : apart.abs().toMinutes() + " min";
    return apart.isNegative() ? words + " after the opening" : words + " before the opening";
  }
}
