package dev.watchtower.incident.mute;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.correlation.DependencyGraph;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.mute.Matchers.Target;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;

/** Decides whether people are told of an incident. Pure. When in doubt they are. */
public final class MutePolicy {
  private MutePolicy() {}

  /**
   * What of an incident can be muted: each signal that fires; if none does, the incident. Where a
   * person said that it is worse than its signals, they are as bad as that.
   */
  public static List<Target> targetsOf(Incident incident) {
    var firing =
        incident.signals().stream()
            .filter(s -> s.status() == SignalStatus.FIRING)
            .map(s -> target(s, incident.subject().env()))
            .map(target -> raised(target, incident.grade()))
            .toList();
    return firing.isEmpty()
        ? List.of(
            new Target(
                incident.subject().service(),
                incident.subject().env(),
                incident.severity(),
                "",
                Map.of()))
        : firing;
  }

  private static Target raised(Target target, Incident.Grade grade) {
    boolean raised = grade.isByPerson() && grade.severity().compareTo(target.severity()) < 0;
    return raised
        ? new Target(
            target.service(), target.env(), grade.severity(), target.rule(), target.labels())
        : target;
  }

  /** A signal as what can be muted. */
  public static Target target(IncidentSignal signal, String env) {
    var evidence = signal.evidence();
    return new Target(
        signal.service(),
        env,
        signal.severity(),
        signal.rule(),
        evidence == null ? Map.of() : evidence.labels());
  }

  /**
   * Why all of {@code targets} are muted at {@code now}: by the rule that ends first. Empty if one
   * of them is not.
   */
  public static Optional<Muting> byRules(
      List<Target> targets, Collection<MuteRule> rules, Instant now) {
    Muting first = null;
    for (var target : targets) {
      var longest = longest(target, rules, now);
      if (longest.isEmpty()) {
        return Optional.empty();
      }
      var muting = longest.get();
      if (first == null || end(muting).isBefore(end(first))) {
        first = muting;
      }
    }
    return Optional.ofNullable(first);
  }

  private static Optional<Muting> longest(Target target, Collection<MuteRule> rules, Instant now) {
    return rules.stream()
        .filter(rule -> rule.matchers().matches(target))
        .flatMap(rule -> rule.mutesUntil(now).map(rule::muting).stream())
        .max(Comparator.comparing(MutePolicy::end));
  }

  private static Instant end(Muting muting) {
    var until = muting.until();
    return until == null ? Instant.MAX : until;
  }

  /**
   * The incident of a dependency that inhibits {@code incident}: it fails now, is at least as
   * severe, and people were told of it.
   *
   * @param others unresolved incidents of the environment
   * @param reaches whether people whom the first would be told to have been told of the second or
   *     are about to be: what a silence mutes, no route takes or no channel could be told mutes
   *     nothing else
   */
  public static Optional<Muting> byDependency(
      Incident incident,
      Collection<Incident> others,
      DependencyGraph graph,
      BiPredicate<Incident, Incident> reaches) {
    var service = incident.subject().service();
    return others.stream()
        .filter(other -> !other.id().equals(incident.id()))
        .filter(other -> other.subject().env().equals(incident.subject().env()))
        .filter(other -> fails(other) && other.severity().compareTo(incident.severity()) <= 0)
        .filter(other -> graph.depends(service, other.subject().service()))
        // In a cycle of calls the two would mute each other: the later one is muted.
        .filter(other ->
            !graph.depends(other.subject().service(), service)
                || other.number() < incident.number())
        .sorted(Comparator.comparingLong(Incident::number))
        // Last, and for no more than it takes: it asks the store.
        .filter(other -> reaches.test(incident, other))
        .findFirst()
        .map(other ->
            new Muting(
                Muting.Kind.INHIBITION,
                other.id().toString(),
                "incident #%d: %s depends on %s, which fails"
                    .formatted(other.number(), service, other.subject().service()),
                null));
  }

  private static boolean fails(Incident incident) {
    return !incident.isResolved() && incident.state() != IncidentState.MITIGATED;
  }
}
