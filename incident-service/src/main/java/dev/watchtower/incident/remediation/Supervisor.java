package dev.watchtower.incident.remediation;

import java.time.Instant;

/** What starts and watches the processes. Every call has a time limit. Thread-safe. */
public interface Supervisor {
  /**
   * Restarts a process.
   *
   * @return what went wrong, empty if it was restarted
   */
  String restart(String process, String reason);

  /** Whether the process is healthy, and has been started at {@code since} or later. */
  boolean isHealthySince(String process, Instant since);
}
