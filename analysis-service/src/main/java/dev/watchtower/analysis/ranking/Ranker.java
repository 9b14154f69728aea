package dev.watchtower.analysis.ranking;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Orders services by how likely each is the cause of the trouble.
 *
 * <p>A service counts by its best two clues of different types. Symptoms (errors, latency) that a
 * service below it in the call graph shows about as strongly and not later are explained: they
 * count little for the caller and speak for the callee. What a service sees of the calls it makes
 * speaks for those that it calls ({@link Blame}). More or less traffic is explained the other way
 * round, by the callers. A service's own resources are explained by nobody. Pure: no state, no
 * clock; safe to share between threads.
 */
public final class Ranker {
  /** What remains of a symptom that a callee explains. */
  private static final double EXPLAINED = 0.35;

  /** What remains of it when the callee shows no symptom itself, only a busy resource. */
  private static final double HALF_EXPLAINED = 0.7;

  /** The callee must weigh at least this share of the caller's symptom to explain it. */
  private static final double EQUALLY_BAD = 0.6;

  /** Weight of the second-best clue. */
  private static final double SECOND = 0.4;

  /** Share of an explained symptom that speaks for the service that explains it. */
  private static final double VOTE = 0.1;

  /** What a deviation too small to stand alone adds: enough to part equals, no more. */
  private static final double HINT = 0.15;

  /** Of the time that a caller takes longer, a callee that explains it takes this share longer. */
  private static final double SHARE_OF_TIME = 0.3;

  /** A callee that takes this share of the time longer explains it, however it is weighed. */
  private static final double MOST_OF_TIME = 0.7;

  /** A callee this many times its usual time slower may fail its callers. */
  private static final double MUCH_SLOWER = 2;

  private final Duration tolerance;

  /**
   * @param tolerance how much later than its caller a callee may show its deviation and still be
   *     the cause: sampling step, smoothing and retries blur the order
   */
  public Ranker(Duration tolerance) {
    this.tolerance = tolerance;
  }

  /**
   * Something that speaks for a service.
   *
   * @param deviation what was measured, perhaps at a caller
   * @param weight what it counts before it is explained
   */
  record Clue(Deviation deviation, double weight) {}

  /** The suspects, the likeliest first. A service that nothing speaks for is not among them. */
  public List<Suspect> rank(List<Deviation> deviations, CallGraph graph) {
    return rank(deviations, List.of(), graph);
  }

  /** The same; {@code hints} are deviations too small to stand alone, which part equals. */
  public List<Suspect> rank(List<Deviation> deviations, List<Deviation> hints, CallGraph graph) {
    var clues = clues(deviations, graph);
    Map<String, Double> votes = new LinkedHashMap<>();
    Map<String, Set<String>> explainedBy = new LinkedHashMap<>();
    Map<String, List<Clue>> left = new LinkedHashMap<>();
    clues.forEach((service, own) -> {
      var all = new ArrayList<Clue>();
      for (var clue : own) {
        double factor = 1;
        for (var other : explainers(service, clue.deviation, graph)) {
          double remains = explains(clues.getOrDefault(other, List.of()), clue);
          if (remains < 1) {
            factor = Math.min(factor, remains);
            votes.merge(other, VOTE * clue.weight, Math::max);
            if (clue.deviation.type().isSymptom()) {
              explainedBy.computeIfAbsent(service, k -> new LinkedHashSet<>()).add(other);
            }
          }
        }
        all.add(new Clue(clue.deviation, clue.weight * factor));
      }
      all.sort(Comparator.comparingDouble(Clue::weight).reversed());
      left.put(service, all);
    });
    var suspects = new ArrayList<Suspect>();
    left.forEach((service, all) ->
        suspects.add(
            new Suspect(
                service,
                score(all)
                    + votes.getOrDefault(service, 0.0)
                    + HINT * strongest(service, hints, graph),
                all.stream().map(Clue::deviation).distinct().toList(),
                List.copyOf(explainedBy.getOrDefault(service, Set.of())))));
    suspects.sort(
        Comparator.comparingDouble(Suspect::score)
            .reversed()
            .thenComparing(s -> s.main().onset())
            .thenComparing(Suspect::service));
    return List.copyOf(suspects);
  }

  /** What speaks for each service: what it shows itself, and what its callers see of it. */
  private static Map<String, List<Clue>> clues(List<Deviation> deviations, CallGraph graph) {
    var known = new LinkedHashSet<>(graph.services());
    deviations.forEach(d -> known.add(d.service()));
    Map<String, List<Clue>> clues = new LinkedHashMap<>();
    for (var deviation : deviations) {
      double weight = deviation.weight();
      if (Blame.isOnCallees(deviation, graph)) {
        weight *= EXPLAINED;
      } else if (deviation.type() == SignalType.NETWORK
          && Blame.areBusy(graph.callers(deviation.service()), deviation, deviations)) {
        weight *= Blame.BUSY_WITNESS;
      }
      clues
          .computeIfAbsent(CallGraph.owner(deviation.service(), known), k -> new ArrayList<>())
          .add(new Clue(deviation, weight));
    }
    Blame.of(deviations, graph)
        .forEach((callee, clue) -> clues.computeIfAbsent(callee, k -> new ArrayList<>()).add(clue));
    return clues;
  }

  /** Where the cause of such a deviation would lie: below for symptoms, above for traffic. */
  private static List<String> explainers(String service, Deviation deviation, CallGraph graph) {
    boolean traffic = deviation.type() == SignalType.TRAFFIC;
    if (deviation.isGone() || (!traffic && !deviation.type().isSymptom())) {
      return List.of();
    }
    var above = graph.above(service);
    var below = graph.below(service);
    var back = traffic ? below : above;
    // In a loop each would explain the other.
    return (traffic ? above : below).stream().filter(other -> !back.contains(other)).toList();
  }

  /**
   * What remains of the clue given what speaks for the other service; 1 when nothing explains it.
   */
  private double explains(List<Clue> others, Clue clue) {
    double remains = 1;
    for (var other : others) {
      var shown = other.deviation;
      // When a rule fired says little about when the trouble began: traffic and its `for` decide.
      boolean inTime =
          shown.limit() != null
              || clue.deviation.limit() != null
              || !shown.onset().isAfter(clue.deviation.onset().plus(tolerance));
      if (!inTime
          || (other.weight < EQUALLY_BAD * clue.weight && !carries(shown, clue.deviation))) {
        continue;
      }
      if (clue.deviation.type() == SignalType.TRAFFIC) {
        remains = Math.min(remains, EXPLAINED);
      } else if (shown.type().isSymptom() && harmful(shown) && isEnough(shown, clue.deviation)) {
        remains = Math.min(remains, EXPLAINED);
      } else if (shown.type() == SignalType.NETWORK) {
        remains = Math.min(remains, EXPLAINED);
      } else if (shown.type().isResource() && shown.up()) {
        remains = Math.min(remains, HALF_EXPLAINED);
      }
    }
    return remains;
  }

  /**
   * Whether the callee's deviation is large enough to bring about the caller's. Time adds up along
   * a call, so a callee that became slower by much less than its caller does not explain it; and
   * only a callee that became several times slower makes its callers give up.
   */
  private static boolean isEnough(Deviation callee, Deviation caller) {
    if (callee.type() != SignalType.LATENCY) {
      return true;
    }
    double added = callee.extreme() - callee.usual();
    return switch (caller.type()) {
      case LATENCY ->
          !callee.metric().equals(caller.metric())
              || added >= SHARE_OF_TIME * (caller.extreme() - caller.usual());
      case ERRORS, AVAILABILITY -> added >= MUCH_SLOWER * Math.abs(callee.usual());
      default -> true;
    };
  }

  /**
   * Whether the time that the caller takes longer is the callee's, most of it. That is arithmetic
   * and needs no statistics: right after a start the quiet time of the two may differ so much that
   * the same second weighs twice as much at one as at the other.
   */
  private static boolean carries(Deviation callee, Deviation caller) {
    return callee.type() == SignalType.LATENCY
        && callee.metric().equals(caller.metric())
        && caller.up()
        && callee.extreme() - callee.usual() >= MOST_OF_TIME * (caller.extreme() - caller.usual());
  }

  private static boolean harmful(Deviation other) {
    return other.type() == SignalType.AVAILABILITY ? !other.up() : other.up();
  }

  private static double score(List<Clue> sorted) {
    var best = sorted.getFirst();
    double second = 0;
    for (var other : sorted) {
      if (other.deviation.type() != best.deviation.type()) {
        second = Math.max(second, other.weight);
      }
    }
    return best.weight + SECOND * second;
  }

  private static double strongest(String service, List<Deviation> hints, CallGraph graph) {
    return hints.stream()
        .filter(h -> CallGraph.owner(h.service(), graph.services()).equals(service))
        .mapToDouble(Deviation::weight)
        .max()
        .orElse(0);
  }
}
