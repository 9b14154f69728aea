package dev.watchtower.incident.lifecycle;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The wish to move an incident on.
 *
 * @param comment why, empty for nothing said
 * @param version the version that the sender has seen; null: whatever it is now
 */
public record Command(
    IncidentEvent event, Actor actor, String comment, @Nullable Long version, Instant at) {
  /** The longest comment, in characters. */
  public static final int MAX_COMMENT = 4000;

  public Command {
    comment = comment.strip();
    if (comment.length() > MAX_COMMENT) {
      throw new IllegalArgumentException(
          "comment: at most " + MAX_COMMENT + " characters, not " + comment.length());
    }
  }

  /** A policy's command; {@code policy} without the prefix. */
  public static Command byPolicy(IncidentEvent event, String policy, String why, Instant at) {
    return new Command(event, Actor.policy(policy), why, null, at);
  }
}
