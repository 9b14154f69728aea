package dev.watchtower.incident.remediation;

import dev.watchtower.common.catalog.Remediation.Action;
import java.time.Instant;
import java.util.Optional;

/** Does what playbooks say. Every call has a time limit, and none throws. Thread-safe. */
public interface Performer {
  /** How an action went; each with a phrase for the log. */
  sealed interface Performed {
    /** The phrase. */
    String words();

    /** It was done. */
    record Done(String words) implements Performed {}

    /** It could not be done, or not in full. */
    record Failed(String words) implements Performed {}

    /** There was nothing to do. */
    record Needless(String words) implements Performed {}
  }

  /** Does {@code action} for {@code repair}. */
  Performed perform(Repair repair, Action action);

  /**
   * Takes it back.
   *
   * @param wayBack what was put on record when it was done; see {@link WayBack}
   * @param now what the catalog has for its playbook now; empty if that is gone
   */
  Performed undo(Repair repair, String wayBack, Optional<Action> now);

  /**
   * Whether the process of a service is healthy, and has been started at {@code since} or later.
   */
  boolean isHealthySince(String service, Instant since);
}
