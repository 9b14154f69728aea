package dev.watchtower.incident.mute;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A silence or a maintenance window.
 *
 * @param seq rises with every rule
 * @param author who made it
 * @param reason why, in the author's words
 * @param endedAt when a person ended it before its time
 */
public record MuteRule(
    UUID id,
    long seq,
    Kind kind,
    Matchers matchers,
    Schedule schedule,
    String author,
    String reason,
    Instant createdAt,
    @Nullable Instant endedAt,
    @Nullable String endedBy) {

  /** Which of the two. */
  public enum Kind {
    SILENCE,
    MAINTENANCE
  }

  /** Where it stands. */
  public enum State {
    /** In force. */
    ACTIVE,
    /** It will be in force, for the first time or again. */
    PENDING,
    EXPIRED
  }

  /** Where it stands at {@code now}. */
  public State state(Instant now) {
    if (endedAt != null && !now.isBefore(endedAt)) {
      return State.EXPIRED;
    }
    if (schedule.activeAt(now).isPresent()) {
      return State.ACTIVE;
    }
    return schedule.nextAfter(now).isPresent() ? State.PENDING : State.EXPIRED;
  }

  /** Until when it mutes without a break; empty if it does not at {@code now}. */
  public Optional<Instant> mutesUntil(Instant now) {
    return state(now) == State.ACTIVE
        ? schedule.activeAt(now).map(Schedule.Span::to)
        : Optional.empty();
  }

  /** The rule as the cause of silence. */
  Muting muting(Instant until) {
    var words =
        kind == Kind.SILENCE
            ? "a silence of %s: %s".formatted(author, reason)
            : "maintenance of %s: %s".formatted(author, reason);
    return new Muting(
        kind == Kind.SILENCE ? Muting.Kind.SILENCE : Muting.Kind.MAINTENANCE,
        id.toString(),
        words,
        until);
  }
}
