package dev.watchtower.incident.escalation;

import dev.watchtower.incident.escalation.EscalationState.State;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Decides how an incident escalates that took in one that nobody had answered. Pure. */
final class MergedEscalation {
  private MergedEscalation() {}

  /**
   * The target's escalation; empty if it stays as it is. What is at its end is not handed over:
   * nothing more would come of it, and it would keep the target's own from beginning.
   *
   * @param from the source's
   * @param known the target's, if it has one
   * @param free whether nobody is on the target, where it has none
   * @param target its id
   */
  static Optional<EscalationState> of(
      EscalationState from, Optional<EscalationState> known, boolean free, UUID target) {
    if (from.state() != State.WAITING) {
      return Optional.empty();
    }
    if (known.isEmpty()) {
      return free ? Optional.of(from.of(target)) : Optional.empty();
    }
    var own = known.get();
    return switch (own.state()) {
      case ACKNOWLEDGED -> Optional.empty();
      case STOPPED, EXHAUSTED -> Optional.of(from.of(target));
      case WAITING ->
          isSooner(from.dueAt(), own.dueAt())
              ? Optional.of(own.in(State.WAITING, from.dueAt()))
              : Optional.empty();
    };
  }

  private static boolean isSooner(@Nullable Instant one, @Nullable Instant other) {
    return one != null && (other == null || one.isBefore(other));
  }
}
