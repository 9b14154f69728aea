package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.evidence.Telemetry.Calls;
import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.CallTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts together what both ends of a call say. */
final class Connections {
  private Connections() {}

  /**
   * The calls of which both ends are known. A host is a service if it is named as one, alone or as
   * the first part of a domain name; the calls of a service that calls only one other are to that
   * one, whatever the host.
   */
  static List<CallTimes.Edge> edges(Map<String, Calls> calls, CallGraph graph) {
    var edges = new ArrayList<CallTimes.Edge>();
    calls.forEach((caller, its) ->
        its.waited()
            .forEach((host, waited) ->
                callee(host, its.waited().size(), graph.callees(caller))
                    .ifPresent(callee -> {
                      var worked = calls.getOrDefault(callee, Calls.NONE).worked();
                      if (worked != null) {
                        edges.add(new CallTimes.Edge(caller, callee, waited, worked));
                      }
                    })));
    return edges;
  }

  private static Optional<String> callee(String host, int hosts, Set<String> callees) {
    var named =
        callees.stream().filter(c -> host.equals(c) || host.startsWith(c + ".")).findFirst();
    return named.isPresent() || hosts > 1 || callees.size() != 1
        ? named
        : callees.stream().findFirst();
  }
}
