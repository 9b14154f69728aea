package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
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
    Grade grade,
    Marks marks,
    @Nullable String assignee,
    Timers timers,
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
   * @param declared whether a person said that it is there; then a person says when it is over.
   *     What takes one in that was is so from then on
   */
  public record Subject(
      String title, String service, String env, @Nullable UUID recurrenceOf, boolean declared) {
    private static final int MAX_TITLE = 200;

    /** Of an incident that signals opened. */
    public Subject(String title, String service, String env, @Nullable UUID recurrenceOf) {
      this(title, service, env, recurrenceOf, false);
    }

    /** One line for an incident that is about what a signal of {@code service} says. */
    public static String titleOf(String service, String rule, String summary) {
      var text = summary.isBlank() ? rule : summary.strip();
      var title = text.contains(service) ? text : service + ": " + text;
      return title.length() > MAX_TITLE ? title.substring(0, MAX_TITLE - 1) + "…" : title;
    }
  }

  /**
   * How bad it is.
   *
   * @param by {@link IncidentView#BY_RULE}, or {@code PERSON} and the name of who decided
   */
  public record Grade(Severity severity, String by) {
    /** By the rules. */
    public static Grade byRule(Severity severity) {
      return new Grade(severity, IncidentView.BY_RULE);
    }

    /** As a person, or a machine of theirs, decided. */
    public static Grade by(Actor actor, Severity severity) {
      return new Grade(severity, "PERSON " + actor.name());
    }

    /** Whether a person decided. */
    public boolean isByPerson() {
      return !by.equals(IncidentView.BY_RULE);
    }

    /**
     * The grade once {@code signal} fires: never better than before. What a person knew when they
     * decided does not count again, only what is worse than it was then.
     */
    Grade raisedBy(IncidentSignal signal, Optional<IncidentSignal> known) {
      boolean news =
          !isByPerson()
              || known.isEmpty()
              || signal.severity().compareTo(known.get().severity()) < 0;
      return news && signal.severity().compareTo(severity) < 0 ? byRule(signal.severity()) : this;
    }
  }

  /**
   * What happens by itself, and when.
   *
   * @param autoResolveAt when {@code policy:auto-resolve} resolves it unless a signal fires before;
   *     null while no such timer runs
   * @param calmAt when its flapping signals count as calm again unless one changes before; null
   *     while none flaps
   */
  public record Timers(@Nullable Instant autoResolveAt, @Nullable Instant calmAt) {
    /** Nothing. */
    public static final Timers NONE = new Timers(null, null);

    Timers calmAt(@Nullable Instant at) {
      return new Timers(autoResolveAt, at);
    }
  }

  /**
   * When it reached which stage; {@code mitigated} is empty again after a relapse.
   *
   * @param began when the trouble began, as the signal says that opened it; null where none did,
   *     because people declared it or split it off
   */
  public record Marks(
      @Nullable Instant began,
      Instant opened,
      @Nullable Instant acknowledged,
      @Nullable Instant mitigated,
      @Nullable Instant resolved) {
    public Marks {
      if (began != null && began.isAfter(opened)) {
        throw new IllegalArgumentException("began at %s, opened at %s".formatted(began, opened));
      }
      require(opened, acknowledged, "acknowledged", "opening");
      require(opened, mitigated, "mitigated", "opening");
      require(opened, resolved, "resolved", "opening");
      if (mitigated != null) {
        require(mitigated, resolved, "resolved", "mitigation");
      }
    }

    private static void require(
        Instant earlier, @Nullable Instant at, String name, String earlierName) {
      if (at != null && at.isBefore(earlier)) {
        throw new IllegalArgumentException(
            "%s at %s is before the %s at %s".formatted(name, at, earlierName, earlier));
      }
    }

    /** The latest of them: nothing that follows can have been before it. */
    Instant latest() {
      return later(resolved, later(mitigated, later(acknowledged, opened)));
    }

    private static Instant later(@Nullable Instant one, Instant other) {
      return one != null && one.isAfter(other) ? one : other;
    }
  }

  /** How bad it is. */
  public Severity severity() {
    return grade.severity();
  }

  /** When {@code policy:auto-resolve} resolves it; null while that timer does not run. */
  public @Nullable Instant autoResolveAt() {
    return timers.autoResolveAt();
  }

  /** Whether one of its signals fires and clears again and again. */
  public boolean isFlapping() {
    return timers.calmAt() != null;
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
    int place = placeOf(fingerprint);
    return place < 0 ? Optional.empty() : Optional.of(signals.get(place));
  }

  // Asked several times for each signal of a storm, of incidents with hundreds.
  private int placeOf(String fingerprint) {
    for (int i = 0; i < signals.size(); i++) {
      if (signals.get(i).fingerprint().equals(fingerprint)) {
        return i;
      }
    }
    return -1;
  }

  /** The same with {@code signal} in the place of the one of its fingerprint, or added. */
  public Incident with(IncidentSignal signal) {
    int place = placeOf(signal.fingerprint());
    var known = place < 0 ? Optional.<IncidentSignal>empty() : Optional.of(signals.get(place));
    var all = new ArrayList<>(signals);
    if (place < 0) {
      all.add(signal);
    } else {
      all.set(place, signal);
    }
    var raised = signal.status() == SignalStatus.FIRING ? grade.raisedBy(signal, known) : grade;
    return copy(subject, raised, assignee, timers, all);
  }

  /** The same without the signals of those fingerprints; its severity stays. */
  public Incident without(Set<String> fingerprints) {
    var left = signals.stream().filter(s -> !fingerprints.contains(s.fingerprint())).toList();
    boolean flaps = left.stream().anyMatch(IncidentSignal::flapping);
    return copy(subject, grade, assignee, flaps ? timers : timers.calmAt(null), left);
  }

  /** The same, opened by a signal that says since when; senders' clocks may be ahead of ours. */
  public Incident beganAt(Instant at) {
    var opened = marks.opened();
    var since =
        new Marks(
            at.isAfter(opened) ? opened : at,
            opened,
            marks.acknowledged(),
            marks.mitigated(),
            marks.resolved());
    return new Incident(
        id, number, subject, state, grade, since, assignee, timers, version, stateVersion, signals);
  }

  /** The same in another state, with the marks that belong to it. */
  Incident moved(IncidentState to, Marks reached) {
    return new Incident(
        id,
        number,
        subject,
        to,
        grade,
        reached,
        assignee,
        to == IncidentState.RESOLVED ? Timers.NONE : timers,
        version,
        version + 1,
        to == IncidentState.RESOLVED ? calm(signals) : signals);
  }

  /**
   * The same, acknowledged at {@code at} if it was not: what came back before anybody took it up is
   * investigated already, so that nobody can acknowledge it any more.
   */
  Incident takenUp(Instant at) {
    boolean lasts = state == IncidentState.INVESTIGATING || state == IncidentState.IDENTIFIED;
    if (!lasts || marks.acknowledged() != null) {
      return this;
    }
    // A clock that was set back must not make an incident end before it began.
    var latest = marks.latest();
    var acknowledged = at.isBefore(latest) ? latest : at;
    var since = new Marks(marks.began(), marks.opened(), acknowledged, null, null);
    return new Incident(
        id, number, subject, state, grade, since, assignee, timers, version, stateVersion, signals);
  }

  /** The same about another service of its environment. */
  public Incident about(String title, String service) {
    var other =
        new Subject(title, service, subject.env(), subject.recurrenceOf(), subject.declared());
    return copy(other, grade, assignee, timers, signals);
  }

  /** The same with that signal's title, if of its own service none fires that is as bad. */
  public Incident titledBy(IncidentSignal signal) {
    var rival = worstOfItsOwn().filter(s -> s.status() == SignalStatus.FIRING);
    boolean worst = rival.map(s -> signal.severity().compareTo(s.severity()) < 0).orElse(true);
    return subject.declared() || !worst || !subject.service().equals(signal.service())
        ? this
        : about(titleOf(signal), subject.service());
  }

  // What fires is the worse; of what ended the worst, as it may have ended with all others at once.
  private Optional<IncidentSignal> worstOfItsOwn() {
    return signals.stream()
        .filter(s -> s.service().equals(subject.service()))
        .min(
            Comparator.comparing(IncidentSignal::status)
                .thenComparing(IncidentSignal::severity)
                .thenComparing(IncidentSignal::firedAt));
  }

  /** The same, titled by the worst of its own where the title was that of a signal that is over. */
  public Incident titledWithout(IncidentSignal over) {
    var worst = worstOfItsOwn();
    return subject.declared() || worst.isEmpty() || !subject.title().equals(titleOf(over))
        ? this
        : about(titleOf(worst.get()), subject.service());
  }

  private static String titleOf(IncidentSignal signal) {
    return Subject.titleOf(signal.service(), signal.rule(), signal.summary());
  }

  /** The same, declared by a person if {@code other} or this one was. */
  public Incident declaredAs(Incident other) {
    if (subject.declared() || !other.subject.declared()) {
      return this;
    }
    var by =
        new Subject(
            subject.title(), subject.service(), subject.env(), subject.recurrenceOf(), true);
    return copy(by, grade, assignee, timers, signals);
  }

  /** The same with another assignee; null for nobody. */
  public Incident assignedTo(@Nullable String person) {
    return copy(subject, grade, person, timers, signals);
  }

  /** The same with another severity. */
  public Incident graded(Grade other) {
    return copy(subject, other, assignee, timers, signals);
  }

  /** The same with the auto-resolve timer at {@code at}; null stops it. */
  Incident autoResolvingAt(@Nullable Instant at) {
    return copy(subject, grade, assignee, new Timers(at, timers.calmAt()), signals);
  }

  /** The same, flapping until {@code calmAt} at least. */
  public Incident flappingUntil(Instant calmAt) {
    return copy(subject, grade, assignee, timers.calmAt(calmAt), signals);
  }

  /** The same, none of its signals flapping any more. */
  public Incident calm() {
    return copy(subject, grade, assignee, timers.calmAt(null), calm(signals));
  }

  private static List<IncidentSignal> calm(List<IncidentSignal> signals) {
    return signals.stream().map(signal -> signal.flapping(false)).toList();
  }

  private Incident copy(
      Subject about,
      Grade graded,
      @Nullable String person,
      Timers running,
      List<IncidentSignal> all) {
    return new Incident(
        id, number, about, state, graded, marks, person, running, version, stateVersion, all);
  }

  /** What readers see; {@link IncidentViews} adds the room. */
  public IncidentView view(Room room) {
    return new IncidentView(
        id,
        number,
        subject.title(),
        state,
        grade.severity(),
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
        subject.recurrenceOf(),
        grade.by(),
        room.responders(),
        room.tasks(),
        isFlapping(),
        room.told(),
        false);
  }
}
