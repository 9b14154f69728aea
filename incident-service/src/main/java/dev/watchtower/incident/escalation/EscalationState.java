package dev.watchtower.incident.escalation;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where the escalation of an incident stands. Immutable.
 *
 * @param step the step to do next
 * @param round how often all steps were done
 * @param dueAt when something is to be done; null for nothing
 * @param muted whether it was said that it is muted
 * @param begun whether a step was done
 */
public record EscalationState(
    UUID incident,
    String policy,
    State state,
    int step,
    int round,
    @Nullable Instant dueAt,
    boolean muted,
    boolean begun) {

  /** What it waits for. */
  public enum State {
    /** For somebody to take the incident up. */
    WAITING,
    /** Somebody has; for them to go on. */
    ACKNOWLEDGED,
    /** All steps were done, and nobody took it up. */
    EXHAUSTED,
    /** For nothing. */
    STOPPED
  }

  static EscalationState started(UUID incident, String policy, Instant dueAt) {
    return new EscalationState(incident, policy, State.WAITING, 0, 0, dueAt, false, false);
  }

  EscalationState in(State next, @Nullable Instant due) {
    return new EscalationState(incident, policy, next, step, round, due, muted, begun);
  }

  EscalationState at(int nextStep, int nextRound, Instant due) {
    return new EscalationState(
        incident, policy, State.WAITING, nextStep, nextRound, due, false, true);
  }

  EscalationState of(UUID other) {
    return new EscalationState(other, policy, state, step, round, dueAt, false, begun);
  }

  EscalationState mutedUntil(Instant due) {
    return new EscalationState(incident, policy, state, step, round, due, true, begun);
  }
}
