package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An incident as the service keeps it. Immutable; a change makes a new value, which the store
 * accepts only if nobody was faster.
 *
 * @param number a short number for people, rising
 * @param autoResolveAt when {@code policy:auto-resolve} resolves it unless a signal fires before;
 *     null while no such timer runs
 * @param version rises by one with every stored change
 * @param stateVersion the version in which the state moved last: a sender who has seen that one or
 *     a later one has seen the state as it is
 * @param signals the newest state of each fingerprint, in order of arrival
 */
public record Incident(
    UUID id,
    long number,
    Subject subject,
    IncidentState state,
    Severity severity,
    Marks marks,
    @Nullable String assignee,
    @Nullable Instant autoResolveAt,
    long version,
    long stateVersion,
    List<IncidentSignal> signals) {
  private static final Duration SETTLING = Duration.ofSeconds(30);

  public Incident {
    signals = List.copyOf(signals);
  }

  /**
   * What an incident is about. Title and service change when a dependency turns out to have failed.
   *
   * @param title one line for people
   * @param recurrenceOf the earlier incident that this one repeats
   */
  public record Subject(String title, String service, String env, @Nullable UUID recurrenceOf) {
    private static final int MAX_TITLE = 200;

    /** One line for an incident that is about what a signal of {@code service} says. */
    public static String titleOf(String service, String rule, String summary) {
      var text = summary.isBlank() ? rule : summary.strip();
      var title = text.contains(service) ? text : service + ": " + text;
      return title.length() > MAX_TITLE ? title.substring(0, MAX_TITLE - 1) + "…" : title;
    }
  }

  /** When it reached which stage; {@code mitigated} is empty again after a relapse. */
  public record Marks(
      Instant opened,
      @Nullable Instant acknowledged,
      @Nullable Instant mitigated,
      @Nullable Instant resolved) {
    public Marks {
      require(opened, acknowledged, "acknowledged");
      require(opened, mitigated, "mitigated");
      require(opened, resolved, "resolved");
    }

    private static void require(Instant opened, @Nullable Instant at, String name) {
      if (at != null && at.isBefore(opened)) {
        throw new IllegalArgumentException(
            name + " at " + at + " is before the opening at " + opened);
      }
    }
  }

  /** What can still happen to it. */
  public boolean isResolved() {
    return state == IncidentState.RESOLVED;
  }

  /**
   * Whether its harm had been over at that time for longer than recovering services go up and down:
   * what other services show from then on is trouble of their own.
   */
  public boolean isOver(Instant at) {
    var mitigated = marks.mitigated();
    return state == IncidentState.MITIGATED
        && mitigated != null
        && mitigated.plus(SETTLING).isBefore(at);
  }

  /** Whether one of its signals is firing. */
  public boolean isFiring() {
    return signals.stream().anyMatch(s -> s.status() == SignalStatus.FIRING);
  }

  /** The signal of that fingerprint, if it has joined. */
  public Optional<IncidentSignal> signal(String fingerprint) {
    return signals.stream().filter(s -> s.fingerprint().equals(fingerprint)).findFirst();
  }

  /** The same with {@code signal} in the place of the one of its fingerprint, or added. */
  public Incident with(IncidentSignal signal) {
    var all = new ArrayList<>(signals);
    int at = 0;
    while (at < all.size() && !all.get(at).fingerprint().equals(signal.fingerprint())) {
      at++;
    }
    if (at < all.size()) {
      all.set(at, signal);
    } else {
      all.add(signal);
    }
    return new Incident(
        id,
        number,
        subject,
        state,
        signal.status() == SignalStatus.FIRING ? severity.worse(signal.severity()) : severity,
        marks,
        assignee,
        autoResolveAt,
        version,
        stateVersion,
        all);
  }

  /** The same without the signals of those fingerprints; its severity stays. */
  public Incident without(Set<String> fingerprints) {
    return new Incident(
        id,
        number,
        subject,
        state,
        severity,
        marks,
        assignee,
        autoResolveAt,
        version,
        stateVersion,
        signals.stream().filter(s -> !fingerprints.contains(s.fingerprint())).toList());
  }

  /** The same in another state, with the marks that belong to it. */
  Incident moved(IncidentState to, Marks reached) {
    return new Incident(
        id,
        number,
        subject,
        to,
        severity,
        reached,
        assignee,
        autoResolveAt,
        version,
        version + 1,
        signals);
  }

  /** The same about another service of its environment. */
  public Incident about(String title, String service) {
    return new Incident(
        id,
        number,
        new Subject(title, service, subject.env(), subject.recurrenceOf()),
        state,
        severity,
        marks,
        assignee,
        autoResolveAt,
        version,
        stateVersion,
        signals);
  }

  /** The same with another assignee; null for nobody. */
  public Incident assignedTo(@Nullable String person) {
    return new Incident(
        id,
        number,
        subject,
        state,
        severity,
        marks,
        person,
        autoResolveAt,
        version,
        stateVersion,
        signals);
  }

  /** The same with the auto-resolve timer at {@code at}; null stops it. */
  Incident autoResolvingAt(@Nullable Instant at) {
    return new Incident(
        id, number, subject, state, severity, marks, assignee, at, version, stateVersion, signals);
  }

  /** What readers see. */
  public IncidentView view() {
    return new IncidentView(
        id,
        number,
        subject.title(),
        state,
        severity,
        subject.service(),
        subject.env(),
        version,
        marks.opened(),
        marks.acknowledged(),
        marks.mitigated(),
        marks.resolved(),
        assignee,
        TransitionTable.allowedFor(state),
        signals,
        subject.recurrenceOf());
  }
}
