package dev.watchtower.incident.remediation;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One use of a playbook: a line of the remediation log.
 *
 * @param seq rises with every line
 * @param number the incident's number
 * @param service the service it acts on; its supervised process has the same name
 * @param fingerprint of the signal that started it
 * @param trigger that signal in words
 * @param reason how it ended, in words
 * @param checkBy until when the service must be healthy again
 */
public record Repair(
    UUID id,
    long seq,
    UUID incident,
    long number,
    String playbook,
    String action,
    String service,
    String fingerprint,
    String trigger,
    State state,
    @Nullable String reason,
    Instant plannedAt,
    @Nullable Instant startedAt,
    @Nullable Instant checkBy,
    @Nullable Instant endedAt) {

  /** Where it stands. */
  public enum State {
    PLANNED,
    /** The supervisor is being asked. */
    RUNNING,
    /** Done; whether it helped is not known yet. */
    CHECKING,
    SUCCEEDED,
    FAILED,
    /** Not done; the reason says why. */
    SKIPPED
  }

  /** The repair in one line. */
  public String summary() {
    var word =
        switch (state) {
          case PLANNED -> "planned";
          case RUNNING, CHECKING -> "under way";
          case SUCCEEDED -> "succeeded";
          case FAILED -> "failed";
          case SKIPPED -> "not done";
        };
    var line = "%s %s: %s".formatted(action, service, word);
    return reason == null ? line : line + " (" + reason + ")";
  }
}
