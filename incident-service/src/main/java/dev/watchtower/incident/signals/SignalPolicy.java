package dev.watchtower.incident.signals;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.Incident;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** Decides what a signal does. Pure. */
public final class SignalPolicy {
  /** The latest signal of a fingerprint that was taken before, by event time. */
  public record Seen(SignalStatus status, Instant at, Instant receivedAt) {}

  /** How far a sender's clock may be ahead of ours before we go by ours. */
  static final Duration AHEAD = Duration.ofMinutes(1);

  // Signals that come at the same time may be taken the other way round.
  private static final Duration CROSSING = Duration.ofSeconds(1);

  private SignalPolicy() {}

  /**
   * When a signal counts as sent: a time that has not come yet would make whatever its fingerprint
   * does until then look outdated.
   *
   * @param at as the sender says
   */
  static Instant timeOf(Instant at, Instant receivedAt) {
    return isAhead(at, receivedAt) ? receivedAt.truncatedTo(ChronoUnit.MICROS) : at;
  }

  /**
   * Whether a time that we stored is of a clock that was put back since: at that time it was none
   * that had not come yet.
   */
  static boolean isAhead(Instant at, Instant now) {
    return at.isAfter(now.plus(AHEAD));
  }

  /**
   * The same signal in its place in the order of its fingerprint. Where our clock was put back
   * since the latest one the order is that of receipt, until it is where it was: by time whatever
   * is sent until then would look outdated.
   */
  static Signal inOrder(Signal signal, Optional<Seen> last, Instant now) {
    return last.filter(seen -> isBeforeAStep(seen, now))
        .map(seen -> sentAt(signal, after(seen, now)))
        .orElse(signal);
  }

  // Received later than now, or put into this order after such a one: no sender's time is so far
  // ahead of its receipt.
  private static boolean isBeforeAStep(Seen seen, Instant now) {
    return seen.at().isAfter(now)
        && (seen.receivedAt().isAfter(now.plus(CROSSING)) || isAhead(seen.at(), seen.receivedAt()));
  }

  // So far ahead that the next one finds it in this order too.
  private static Instant after(Seen seen, Instant now) {
    var next = seen.at().plus(1, ChronoUnit.MICROS);
    var least = now.plus(AHEAD).plusMillis(1).truncatedTo(ChronoUnit.MICROS);
    return next.isAfter(least) ? next : least;
  }

  /** The same signal, sent at {@code at}. */
  static Signal sentAt(Signal signal, Instant at) {
    return anew(signal, signal.id(), at);
  }

  /** One that says the same at another time. */
  static Signal anew(Signal signal, UUID id, Instant at) {
    return new Signal(
        id,
        signal.fingerprint(),
        signal.kind(),
        signal.status(),
        signal.rule(),
        signal.service(),
        signal.env(),
        signal.severity(),
        signal.summary(),
        at,
        signal.evidence(),
        signal.deliverBy());
  }

  /**
   * What {@code signal} does.
   *
   * @param signal in its place in the order
   * @param last the latest one of its fingerprint that was taken before
   * @param open the unresolved incident of its service and environment
   */
  public static Effect decide(Signal signal, Optional<Seen> last, Optional<Incident> open) {
    if (last.isPresent() && isOutdated(signal, last.get())) {
      return new Effect.Ignored("a later signal of this fingerprint was taken before");
    }
    return signal.status() == SignalStatus.FIRING ? fired(signal, open) : cleared(signal, open);
  }

  // On a tie the end wins: a breach that began and ended at one instant is over.
  private static boolean isOutdated(Signal signal, Seen last) {
    return signal.at().isBefore(last.at())
        || (signal.at().equals(last.at())
            && signal.status() == SignalStatus.FIRING
            && last.status() == SignalStatus.CLEARED);
  }

  private static Effect fired(Signal signal, Optional<Incident> open) {
    if (open.isEmpty()) {
      return new Effect.Opens();
    }
    var incident = open.get();
    var known = incident.signal(signal.fingerprint()).filter(SignalPolicy::isFiring);
    if (known.isPresent()) {
      return signal.severity().compareTo(known.get().severity()) < 0
          ? new Effect.Joins(false)
          : new Effect.Ignored("it fires already");
    }
    return new Effect.Joins(incident.state() == IncidentState.MITIGATED);
  }

  private static Effect cleared(Signal signal, Optional<Incident> open) {
    if (open.isEmpty()) {
      return new Effect.Ignored("no incident is open for it");
    }
    var incident = open.get();
    if (incident.signal(signal.fingerprint()).filter(SignalPolicy::isFiring).isEmpty()) {
      return new Effect.Ignored("it does not fire in the open incident");
    }
    boolean last = incident.signals().stream().filter(SignalPolicy::isFiring).count() == 1;
    return new Effect.Clears(
        last && incident.state() != IncidentState.MITIGATED && !incident.subject().declared());
  }

  /**
   * Whether nothing of an incident fires any more, and yet it does not recover by that: who
   * declared it saw what no signal shows.
   */
  static boolean isLeftToAPerson(Incident incident) {
    return incident.subject().declared()
        && incident.state() != IncidentState.MITIGATED
        && !incident.isFiring()
        && !incident.isFlapping();
  }

  private static boolean isFiring(IncidentSignal signal) {
    return signal.status() == SignalStatus.FIRING;
  }

  /** Whether the sender of {@code signal} has told people itself, because it was taken too late. */
  public static boolean toldElsewhere(Signal signal, Instant now) {
    var deliverBy = signal.deliverBy();
    return signal.kind() == SignalKind.SERVICE_DOWN
        && signal.status() == SignalStatus.FIRING
        && deliverBy != null
        && now.isAfter(deliverBy);
  }
}
