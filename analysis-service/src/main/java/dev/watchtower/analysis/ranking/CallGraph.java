package dev.watchtower.analysis.ranking;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Who calls whom. Immutable; loops are allowed. */
public final class CallGraph {
  private static final List<String> STORE_SUFFIXES =
      List.of("-db", "-database", "-postgres", "-mysql", "-mongo", "-redis", "-cache");

  private final List<Edge> edges;
  private final Set<String> services;
  private final Map<String, Set<String>> callees = new TreeMap<>();
  private final Map<String, Set<String>> callers = new TreeMap<>();

  /** The calls among the services that the edges name. */
  public CallGraph(List<Edge> edges) {
    this(edges, Set.of());
  }

  /**
   * The calls among services.
   *
   * @param services further services, without any call that is known
   */
  public CallGraph(List<Edge> edges, Set<String> services) {
    this.edges = List.copyOf(edges);
    var all = new LinkedHashSet<>(services);
    for (var edge : this.edges) {
      callees.computeIfAbsent(edge.caller, k -> new LinkedHashSet<>()).add(edge.callee);
      callers.computeIfAbsent(edge.callee, k -> new LinkedHashSet<>()).add(edge.caller);
      all.add(edge.caller);
      all.add(edge.callee);
    }
    this.services = Set.copyOf(all);
  }

  /** Every service that is known. */
  public Set<String> services() {
    return services;
  }

  /** All calls. */
  public List<Edge> edges() {
    return edges;
  }

  /** The services it calls itself. */
  public Set<String> callees(String service) {
    return Set.copyOf(callees.getOrDefault(service, Set.of()));
  }

  /** The services that call it themselves. */
  public Set<String> callers(String service) {
    return Set.copyOf(callers.getOrDefault(service, Set.of()));
  }

  /** Everything it calls, directly or not, nearest first, without itself. */
  public List<String> below(String service) {
    return reach(service, callees);
  }

  /** Everything that calls it, directly or not, nearest first, without itself. */
  public List<String> above(String service) {
    return reach(service, callers);
  }

  /**
   * The service that a component counts as: a store named after a known service ({@code orders-db})
   * belongs to it, everything else is itself.
   */
  public static String owner(String component, Set<String> known) {
    for (var suffix : STORE_SUFFIXES) {
      if (component.endsWith(suffix)) {
        var name = component.substring(0, component.length() - suffix.length());
        return known.contains(name) ? name : component;
      }
    }
    return component;
  }

  private static List<String> reach(String service, Map<String, Set<String>> next) {
    var seen = new LinkedHashSet<String>();
    var waiting = new ArrayDeque<>(next.getOrDefault(service, Set.of()));
    while (!waiting.isEmpty()) {
      var at = waiting.poll();
      if (!at.equals(service) && seen.add(at)) {
        waiting.addAll(next.getOrDefault(at, Set.of()));
      }
    }
    return List.copyOf(seen);
  }

  /** One service calls another. */
  public record Edge(String caller, String callee) {}
}
