package dev.watchtower.incident.mute;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why nobody is told of an incident.
 *
 * @param cause id of the silence or window, or of the incident that inhibits
 * @param why for people, after 'muted by'
 * @param until when it ends if nothing changes; null if that is not known
 */
public record Muting(Kind kind, String cause, String why, @Nullable Instant until) {
  /** What kind of cause. */
  public enum Kind {
    SILENCE,
    MAINTENANCE,
    /** A dependency has failed, and people are told of that. */
    INHIBITION
  }
}
