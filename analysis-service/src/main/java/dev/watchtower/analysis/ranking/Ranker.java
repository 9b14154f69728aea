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
 * <p>A service counts by its best two deviations of different types. Symptoms (errors, latency)
 * that a service below it in the call graph shows about as strongly and not later are explained:
 * they count little for the caller and speak for the callee. More or less traffic is explained the
 * other way round, by the callers. A service's own resources are explained by nobody. Pure: no
 * state, no clock; safe to share between threads.
 */
public final class Ranker {
  /** What remains of a symptom that a callee explains. */
  private static final double EXPLAINED = 0.35;

  /** What remains of it when the callee shows no symptom itself, only a busy resource. */
  private static final double HALF_EXPLAINED = 0.7;

  /** The callee must weigh at least this share of the caller's symptom to explain it. */
  private static final double EQUALLY_BAD = 0.6;

  /** Weight of the second-best deviation. */
  private static final double SECOND = 0.4;

  /** Share of an explained symptom that speaks for the service that explains it. */
  private static final double VOTE = 0.1;

  private final Duration tolerance;

  /**
   * @param tolerance how much later than its caller a callee may show its deviation and still be
   *     the cause: sampling step, smoothing and retries blur the order
   */
  public Ranker(Duration tolerance) {
    this.tolerance = tolerance;
  }

  /** The suspects, the likeliest first. A service without any deviation is not among them. */
  public List<Suspect> rank(List<Deviation> deviations, CallGraph graph) {
    var byService = group(deviations, graph);
    Map<String, Double> votes = new LinkedHashMap<>();
    Map<String, Set<String>> explainedBy = new LinkedHashMap<>();
    Map<String, List<Scored>> scored = new LinkedHashMap<>();
    byService.forEach((service, own) -> {
      var all = new ArrayList<Scored>();
      for (var deviation : own) {
        double weight = deviation.weight();
        double factor = 1;
        for (var other : explainers(service, deviation, graph)) {
          double remains = explains(byService.getOrDefault(other, List.of()), deviation);
          if (remains < 1) {
            factor = Math.min(factor, remains);
            votes.merge(other, VOTE * weight, Math::max);
            if (deviation.type().isSymptom()) {
              explainedBy.computeIfAbsent(service, k -> new LinkedHashSet<>()).add(other);
            }
          }
        }
        all.add(new Scored(deviation, weight * factor));
      }
      all.sort(Comparator.comparingDouble(Scored::score).reversed());
      scored.put(service, all);
    });
    var suspects = new ArrayList<Suspect>();
    scored.forEach((service, all) ->
        suspects.add(
            new Suspect(
                service,
                score(all) + votes.getOrDefault(service, 0.0),
                all.stream().map(Scored::deviation).toList(),
                List.copyOf(explainedBy.getOrDefault(service, Set.of())))));
    suspects.sort(
        Comparator.comparingDouble(Suspect::score)
            .reversed()
            .thenComparing(s -> s.main().onset())
            .thenComparing(Suspect::service));
    return List.copyOf(suspects);
  }

  private static Map<String, List<Deviation>> group(List<Deviation> deviations, CallGraph graph) {
    var known = new LinkedHashSet<>(graph.services());
    deviations.forEach(d -> known.add(d.service()));
    Map<String, List<Deviation>> byService = new LinkedHashMap<>();
    for (var deviation : deviations) {
      byService
          .computeIfAbsent(CallGraph.owner(deviation.service(), known), k -> new ArrayList<>())
          .add(deviation);
    }
    return byService;
  }

  /** Where the cause of such a deviation would lie: below for symptoms, above for traffic. */
  private static List<String> explainers(String service, Deviation deviation, CallGraph graph) {
    if (deviation.isGone()) {
      return List.of();
    }
    var above = graph.above(service);
    var below = graph.below(service);
    var there = deviation.type() == SignalType.TRAFFIC ? above : below;
    var back = deviation.type() == SignalType.TRAFFIC ? below : above;
    if (!deviation.type().isSymptom() && deviation.type() != SignalType.TRAFFIC) {
      return List.of();
    }
    // In a loop each would explain the other.
    return there.stream().filter(other -> !back.contains(other)).toList();
  }

  /**
   * What remains of the deviation given what the other service shows; 1 when nothing explains it.
   */
  private double explains(List<Deviation> others, Deviation deviation) {
    double remains = 1;
    for (var other : others) {
      boolean inTime = !other.onset().isAfter(deviation.onset().plus(tolerance));
      boolean bad = other.weight() >= EQUALLY_BAD * deviation.weight();
      if (!inTime || !bad) {
        continue;
      }
      if (deviation.type() == SignalType.TRAFFIC) {
        remains = Math.min(remains, EXPLAINED);
      } else if (other.type().isSymptom() && harmful(other)) {
        remains = Math.min(remains, EXPLAINED);
      } else if (other.type().isResource() && other.up()) {
        remains = Math.min(remains, HALF_EXPLAINED);
      }
    }
    return remains;
  }

  private static boolean harmful(Deviation other) {
    return other.type() == SignalType.AVAILABILITY ? !other.up() : other.up();
  }

  private static double score(List<Scored> sorted) {
    var best = sorted.getFirst();
    double second = 0;
    for (var other : sorted) {
      if (other.deviation.type() != best.deviation.type()) {
        second = Math.max(second, other.score);
      }
    }
    return best.score + SECOND * second;
  }

  private record Scored(Deviation deviation, double score) {}
}
