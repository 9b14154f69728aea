package dev.watchtower.incident.correlation;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.incident.lifecycle.Incident;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Finds the incident of another service that a signal belongs to. Thread-safe. */
public final class Correlation {
  private record Known(List<Catalog.Service> services, DependencyGraph graph) {}

  private final Supplier<Catalog> catalog;
  private volatile @Nullable Known known;

  /** Correlation by the catalog as it is at each call. */
  public Correlation(Supplier<Catalog> catalog) {
    this.catalog = catalog;
  }

  /**
   * Under which name changes of the service's incidents wait for one another: one for all services
   * that hang together, since a signal of one can join an incident of another.
   */
  public String scopeOf(String service) {
    var current = catalog.get();
    return current.incidents().correlate() ? graphOf(current).clusterOf(service) : service;
  }

  /** The services whose incidents a signal of {@code service} can join, but for its own. */
  public Set<String> relatedTo(String service) {
    var current = catalog.get();
    if (!current.incidents().correlate()) {
      return Set.of();
    }
    var graph = graphOf(current);
    var related = new HashSet<>(graph.dependenciesOf(service));
    related.addAll(graph.dependantsOf(service));
    return related;
  }

  /**
   * The incident that {@code signal} joins; empty if it stands for itself, or by the catalog.
   *
   * @param unresolved those of its environment that are about {@link #relatedTo related} services,
   *     and any others
   */
  public Optional<CorrelationPolicy.Join> joinOf(Signal signal, Collection<Incident> unresolved) {
    var current = catalog.get();
    var related = relatedTo(signal.service());
    if (related.isEmpty()) {
      return Optional.empty();
    }
    return CorrelationPolicy.choose(
        signal,
        unresolved.stream().filter(i -> related.contains(i.subject().service())).toList(),
        graphOf(current),
        current.incidents().correlationWindow(),
        !isOfResources(signal, current));
  }

  /** The incidents that are merged into {@code taken}, which {@code signal} has taken over. */
  public List<CorrelationPolicy.Join> explainedBy(
      Signal signal, Incident taken, Collection<Incident> unresolved) {
    var current = catalog.get();
    return CorrelationPolicy.explained(
        signal, taken, unresolved, graphOf(current), current.incidents().correlationWindow());
  }

  /** Whether {@code caller} calls {@code callee} by the catalog, directly or through others. */
  public boolean depends(String caller, String callee) {
    var current = catalog.get();
    return current.incidents().correlate() && graphOf(current).depends(caller, callee);
  }

  private static boolean isOfResources(Signal signal, Catalog catalog) {
    return catalog.rules().stream()
        .filter(rule -> rule.name().equals(signal.rule()))
        .anyMatch(rule -> "cpu".equals(rule.signal()) || "memory".equals(rule.signal()));
  }

  private DependencyGraph graphOf(Catalog current) {
    var seen = known;
    if (seen == null || !seen.services().equals(current.services())) {
      seen = new Known(current.services(), DependencyGraph.of(current));
      known = seen;
    }
    return seen.graph();
  }
}
