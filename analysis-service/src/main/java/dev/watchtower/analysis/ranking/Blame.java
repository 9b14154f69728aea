package dev.watchtower.analysis.ranking;

import dev.watchtower.analysis.ranking.Ranker.Clue;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What services see of the calls they make, held against those they call. A slow or broken
 * connection to a service shows nowhere else: the service itself answers as fast as ever. The one
 * to blame is the one whose callers all see trouble while others that do not call it see none.
 */
final class Blame {
  /** What is seen from outside counts a little less than what a service shows itself. */
  private static final double SECOND_HAND = 0.9;

  /** Taken off for a service that sees trouble but does not call this one. */
  private static final double STRANGER = 0.5;

  /** The same for one that calls it through others: they may pass the trouble on. */
  private static final double FAR_CALLER = 0.2;

  /** A service that sees trouble in its own calls passes it on rather than makes it. */
  private static final double PASSES_ON = 0.5;

  /** What a service with a busy processor sees of its calls may be its own slowness. */
  static final double BUSY_WITNESS = 0.4;

  private Blame() {}

  /** Whether the deviation speaks for a callee rather than for the service that shows it. */
  static boolean isOnCallees(Deviation deviation, CallGraph graph) {
    return deviation.isAboutCalls()
        && deviation.up()
        && deviation.type().isSymptom()
        && !graph.callees(deviation.service()).isEmpty();
  }

  /** The clue against each service that callers see trouble with. */
  static Map<String, Clue> of(List<Deviation> deviations, CallGraph graph) {
    Map<String, Clue> witnesses = new LinkedHashMap<>();
    for (var deviation : deviations) {
      if (isOnCallees(deviation, graph)) {
        double weight = deviation.weight() * credibility(deviation, deviations);
        witnesses.merge(
            deviation.service(),
            new Clue(deviation, weight),
            (a, b) -> a.weight() >= b.weight() ? a : b);
      }
    }
    Map<String, Clue> blame = new LinkedHashMap<>();
    for (var service : graph.services()) {
      var callers = graph.callers(service);
      var strongest =
          callers.stream()
              .filter(witnesses::containsKey)
              .map(witnesses::get)
              .max(Comparator.comparingDouble(Clue::weight));
      if (strongest.isPresent()) {
        double weight = weight(service, witnesses, graph);
        if (weight > 0) {
          blame.put(service, new Clue(strongest.get().deviation(), weight));
        }
      }
    }
    return blame;
  }

  private static double weight(String service, Map<String, Clue> witnesses, CallGraph graph) {
    var callers = graph.callers(service);
    var above = graph.above(service);
    double seen = 0;
    double strangers = 0;
    for (var witness : witnesses.entrySet()) {
      double weight = witness.getValue().weight();
      if (callers.contains(witness.getKey())) {
        seen += weight / callers.size();
      } else if (above.contains(witness.getKey())) {
        strangers += FAR_CALLER * weight;
      } else if (!witness.getKey().equals(service)) {
        strangers += STRANGER * weight;
      }
    }
    double passing = witnesses.containsKey(service) ? PASSES_ON : 1;
    return SECOND_HAND * passing * (seen - strangers);
  }

  private static double credibility(Deviation witness, List<Deviation> all) {
    return isBusy(witness.service(), witness, all) ? BUSY_WITNESS : 1;
  }

  /** Whether all who saw the deviation have busy processors of their own. */
  static boolean areBusy(Set<String> callers, Deviation seen, List<Deviation> all) {
    return !callers.isEmpty() && callers.stream().allMatch(c -> isBusy(c, seen, all));
  }

  private static boolean isBusy(String service, Deviation seen, List<Deviation> all) {
    return all.stream()
        .filter(d -> d.service().equals(service))
        .anyMatch(d -> d.type() == SignalType.CPU && d.up() && d.weight() >= seen.weight() / 2);
  }
}
