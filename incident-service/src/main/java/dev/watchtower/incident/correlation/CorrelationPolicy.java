package dev.watchtower.incident.correlation;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.incident.lifecycle.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides which incident of another service a signal belongs to: the one of a service that it calls
 * or is called by, if they follow one another closely. Pure.
 */
public final class CorrelationPolicy {
  /**
   * A signal's place in another service's incident.
   *
   * @param takesOver whether the incident is about the signal's service from now on: it is called
   *     by the one that the incident was about, so it is nearer to the cause, and at least as
   *     severe
   * @param apart between the signal and what is nearest to it in the incident
   */
  public record Join(
      Incident incident, boolean takesOver, String caller, String callee, Duration apart) {
    /** For people. */
    public String why() {
      return "%s depends on %s, %s apart".formatted(caller, callee, words(apart));
    }

    private static String words(Duration apart) {
      return apart.toMinutes() < 2
          ? apart.toSeconds() + " s"
          : "%d min %d s".formatted(apart.toMinutes(), apart.toSecondsPart());
    }
  }

  private CorrelationPolicy() {}

  /**
   * The incident that {@code signal} joins; empty if it stands for itself. An incident of a service
   * that the signal's service calls goes before one of a caller; then the nearest in time.
   *
   * <p>A signal takes the incident of a caller over only if it is at least as severe: else noise of
   * a healthy service would take the incident from the one that fails. A less severe one joins it
   * as it is. What callers do not feel says nothing about a caller's trouble and stands for itself.
   *
   * <p>Nothing joins an incident that is over.
   *
   * @param others unresolved incidents of the signal's environment
   * @param window the longest distance in time
   * @param isFelt whether callers of its service feel what the signal is about
   */
  public static Optional<Join> choose(
      Signal signal,
      Collection<Incident> others,
      DependencyGraph graph,
      Duration window,
      boolean isFelt) {
    return others.stream()
        .filter(other -> !other.signals().isEmpty())
        .filter(other -> !other.isOver(signal.at()))
        .flatMap(other -> join(signal, other, graph).stream())
        .filter(join -> join.apart().compareTo(window) <= 0)
        .filter(join -> isFelt || !join.callee().equals(signal.service()))
        .min(
            Comparator.comparing((Join join) -> join.callee().equals(signal.service()))
                .thenComparing(Join::apart)
                .thenComparing(join -> join.incident().number()));
  }

  /**
   * The other incidents of callers that a signal explains once it has taken one over: what hung
   * side by side on the service that is called, with no call between them, is one failure. By the
   * same rules; but never one that people declared, or of which they have found the cause.
   *
   * @param taken the incident that is about the signal's service now
   * @param others unresolved incidents of the signal's environment
   * @return by number
   */
  public static List<Join> explained(
      Signal signal,
      Incident taken,
      Collection<Incident> others,
      DependencyGraph graph,
      Duration window) {
    return others.stream()
        .filter(other -> !other.id().equals(taken.id()) && !other.signals().isEmpty())
        .filter(other -> !other.isOver(signal.at()))
        .filter(other -> !other.subject().declared())
        .filter(other -> other.state() != IncidentState.IDENTIFIED)
        .flatMap(other -> join(signal, other, graph).stream())
        .filter(join -> join.takesOver() && join.apart().compareTo(window) <= 0)
        .sorted(Comparator.comparing(join -> join.incident().number()))
        .toList();
  }

  private static Optional<Join> join(Signal signal, Incident other, DependencyGraph graph) {
    var service = signal.service();
    var root = other.subject().service();
    if (graph.depends(service, root)) {
      return Optional.of(new Join(other, false, service, root, apart(signal.at(), other)));
    }
    if (!graph.depends(root, service)) {
      return Optional.empty();
    }
    boolean atLeastAsSevere = signal.severity().compareTo(other.severity()) <= 0;
    return Optional.of(new Join(other, atLeastAsSevere, root, service, apart(signal.at(), other)));
  }

  private static Duration apart(Instant at, Incident other) {
    var nearest = between(other.signals().getFirst().firedAt(), at);
    for (var signal : other.signals()) {
      nearest = shorter(nearest, between(signal.firedAt(), at));
      var cleared = signal.clearedAt();
      if (cleared != null) {
        nearest = shorter(nearest, between(cleared, at));
      }
    }
    return nearest;
  }

  private static Duration between(Instant one, Instant other) {
    return Duration.between(one, other).abs();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
