package dev.watchtower.incident.escalation;

import dev.watchtower.common.catalog.Escalation.Policy;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.escalation.EscalationState.State;
import dev.watchtower.incident.lifecycle.EntrySource;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts, stops and winds up the timers of escalations with the changes of their incidents, in the
 * same transaction.
 */
public final class EscalationDesk implements EntrySource {
  private final Escalations escalations;
  private final Supplier<dev.watchtower.common.catalog.Escalation> catalog;
  private final InstantSource clock;

  /** A desk. */
  public EscalationDesk(
      Escalations escalations,
      Supplier<dev.watchtower.common.catalog.Escalation> catalog,
      InstantSource clock) {
    this.escalations = escalations;
    this.catalog = catalog;
    this.clock = clock;
  }

  @Override
  public List<Draft> entriesFor(@Nullable Incident before, Incident after, Cause cause) {
    var now = clock.instant();
    var known = before == null ? Optional.<EscalationState>empty() : escalations.find(after.id());
    boolean relapsed = before != null && isOver(before) && !isOver(after);
    if (before == null || known.isEmpty() || relapsed) {
      // A later signal can make an incident one that a policy covers. Who had taken up what came
      // back may have gone home since.
      if (relapsed || isUntaken(after)) {
        // What an incident took in before it was stored can have brought one along.
        start(after, () -> before == null ? escalations.find(after.id()) : known, now);
      }
      return List.of();
    }
    var entry =
        before.state() == after.state()
            ? changed(known.get(), before, after, now)
            : moved(known.get(), after, now);
    return entry.map(List::of).orElse(List.of());
  }

  /** Whether the incident has an escalation that waits because somebody is on it. */
  public boolean isTaken(UUID incident) {
    return escalations
        .find(incident)
        .filter(e -> e.state() == State.ACKNOWLEDGED)
        // Without its policy an escalation follows nobody any more.
        .filter(e -> catalog.get().policy(e.policy()).isPresent())
        .isPresent();
  }

  // No later than a step that was to come.
  private void start(Incident incident, Supplier<Optional<EscalationState>> known, Instant now) {
    policyFor(incident)
        .ifPresent(policy -> {
          var due = now.plus(policy.steps().getFirst().after());
          var waiting = known.get().filter(e -> e.state() == State.WAITING);
          var next = waiting.map(EscalationState::dueAt).orElse(null);
          escalations.keep(
              EscalationState.started(incident.id(), policy.name(), earlier(due, next)));
        });
  }

  /**
   * {@code target} takes {@code source} in. What waits for an answer there goes on here, unless
   * somebody is on this one or it escalates by itself: then only its next step comes no later than
   * the source's. To be called before the source ends.
   *
   * @return for the target's timeline
   */
  public Optional<Draft> tookIn(Incident source, Incident target, Instant now) {
    boolean lasts = !isOver(target) || source.isFiring();
    var asked = escalations.find(source.id()).filter(e -> lasts);
    return asked.flatMap(from -> {
      var known = escalations.find(target.id());
      return MergedEscalation.of(from, known, isUntaken(target) || isOver(target), target.id())
          .map(next -> {
            escalations.keep(next);
            var entries = new EscalationEntries(next, now);
            boolean own = known.filter(e -> e.state() == State.WAITING).isPresent();
            return own ? entries.sooner(source.number()) : entries.handedOver(source.number());
          });
    });
  }

  private static boolean isUnanswered(EscalationState state) {
    return state.state() == State.WAITING || state.state() == State.EXHAUSTED;
  }

  private Optional<Policy> policyFor(Incident incident) {
    var subject = incident.subject();
    return catalog.get().policyFor(subject.service(), subject.env(), incident.severity());
  }

  private static boolean isUntaken(Incident incident) {
    return !isOver(incident) && incident.marks().acknowledged() == null;
  }

  private static boolean isOver(Incident incident) {
    return incident.isResolved() || incident.state() == IncidentState.MITIGATED;
  }

  /**
   * While nobody is on it, another severity or service can make another policy the one that fits:
   * that one begins, its first step no later than the step that was to come. Where none fits any
   * more the one that began goes on, since people may rely on it.
   */
  private Optional<Draft> changed(
      EscalationState known, Incident before, Incident after, Instant now) {
    boolean other =
        before.severity() != after.severity()
            || !before.subject().service().equals(after.subject().service());
    if (!isUnanswered(known) || !other) {
      return Optional.empty();
    }
    return policyFor(after)
        .filter(policy -> !policy.name().equals(known.policy()))
        .map(policy -> {
          var due = earlier(now.plus(policy.steps().getFirst().after()), known.dueAt());
          var started = EscalationState.started(after.id(), policy.name(), due);
          escalations.keep(started);
          return new EscalationEntries(started, now).byPolicy(known.policy());
        });
  }

  private static Instant earlier(Instant one, @Nullable Instant other) {
    return other != null && other.isBefore(one) ? other : one;
  }

  private Optional<Draft> moved(EscalationState known, Incident after, Instant now) {
    var entries = new EscalationEntries(known, now);
    boolean waited = known.state() == State.WAITING && known.begun();
    return switch (after.state()) {
      case OPEN -> Optional.empty();
      case RESOLVED -> {
        // Nothing can follow a resolution but what tells about it.
        escalations.keep(known.in(State.STOPPED, null));
        yield Optional.empty();
      }
      case MITIGATED -> {
        escalations.keep(known.in(State.STOPPED, null));
        yield waited ? Optional.of(entries.stopped("mitigated")) : Optional.empty();
      }
      case ACKNOWLEDGED, INVESTIGATING, IDENTIFIED -> {
        escalations.keep(known.in(State.ACKNOWLEDGED, timeoutFrom(known, now)));
        yield waited ? Optional.of(entries.stopped("somebody is on it")) : Optional.empty();
      }
    };
  }

  private @Nullable Instant timeoutFrom(EscalationState known, Instant now) {
    return catalog
        .get()
        .policy(known.policy())
        .map(Policy::acknowledgeTimeout)
        .filter(timeout -> timeout.isPositive())
        .map(now::plus)
        .orElse(null);
  }

  /**
   * Whoever does something shows that somebody is on it: the time-out begins anew, and what
   * escalates again stops. While an incident is open only that it is taken up counts.
   */
  @Override
  public List<Draft> entriesAfter(@Nullable Incident before, Incident after, List<Draft> entries) {
    boolean moved = before == null || before.state() != after.state();
    boolean person = entries.stream().anyMatch(Draft::isDeed);
    return person && !moved
        ? escalations.find(after.id()).flatMap(e -> shown(e, after)).stream().toList()
        : List.of();
  }

  private Optional<Draft> shown(EscalationState known, Incident incident) {
    var now = clock.instant();
    return switch (known.state()) {
      case ACKNOWLEDGED -> {
        if (known.dueAt() != null) {
          escalations.keep(known.in(State.ACKNOWLEDGED, timeoutFrom(known, now)));
        }
        yield Optional.empty();
      }
      case WAITING, EXHAUSTED -> {
        // Not by whether it was acknowledged: what came back before that can be no more.
        if (incident.state() == IncidentState.OPEN) {
          yield Optional.empty();
        }
        escalations.keep(known.in(State.ACKNOWLEDGED, timeoutFrom(known, now)));
        yield Optional.of(new EscalationEntries(known, now).stopped("somebody is on it"));
      }
      case STOPPED -> Optional.empty();
    };
  }
}
