package dev.watchtower.incident.correlation;

import dev.watchtower.common.catalog.Catalog;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which service calls which, as the catalog says. Immutable; cycles do no harm. */
public final class DependencyGraph {
  private final Map<String, List<String>> calls;
  private final Map<String, List<String>> callers;

  private DependencyGraph(Map<String, List<String>> calls, Map<String, List<String>> callers) {
    this.calls = calls;
    this.callers = callers;
  }

  /** The graph of the catalog's services. */
  public static DependencyGraph of(Catalog catalog) {
    var calls = new HashMap<String, List<String>>();
    var callers = new HashMap<String, List<String>>();
    for (var service : catalog.services()) {
      calls.put(service.name(), service.dependencies());
      for (var callee : service.dependencies()) {
        callers.computeIfAbsent(callee, k -> new ArrayList<>()).add(service.name());
      }
    }
    return new DependencyGraph(calls, callers);
  }

  /** What {@code service} calls, directly or through others; nearest first, without itself. */
  public Set<String> dependenciesOf(String service) {
    return reach(service, calls);
  }

  /** What calls {@code service}, directly or through others; nearest first, without itself. */
  public Set<String> dependantsOf(String service) {
    return reach(service, callers);
  }

  /** Whether {@code caller} calls {@code callee}, directly or through others. */
  public boolean depends(String caller, String callee) {
    return dependenciesOf(caller).contains(callee);
  }

  /**
   * A name for all services that hang together with {@code service}, whoever calls whom: the first
   * of their names.
   */
  public String clusterOf(String service) {
    var first = service;
    var seen = new HashSet<>(Set.of(service));
    var next = new ArrayDeque<>(List.of(service));
    while (!next.isEmpty()) {
      var one = next.remove();
      first = one.compareTo(first) < 0 ? one : first;
      for (var edges : List.of(calls, callers)) {
        for (var other : edges.getOrDefault(one, List.of())) {
          if (seen.add(other)) {
            next.add(other);
          }
        }
      }
    }
    return first;
  }

  private static Set<String> reach(String start, Map<String, List<String>> edges) {
    var found = new LinkedHashSet<String>();
    var seen = new HashSet<>(Set.of(start));
    var next = new ArrayDeque<>(List.of(start));
    while (!next.isEmpty()) {
      for (var service : edges.getOrDefault(next.remove(), List.of())) {
        if (seen.add(service)) {
          found.add(service);
          next.add(service);
        }
      }
    }
    return found;
  }
}
