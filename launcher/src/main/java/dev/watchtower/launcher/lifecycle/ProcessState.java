package dev.watchtower.launcher.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What the supervisor knows about one process. All times are the supervisor's uptime, so that a
 * change of the system's clock moves nothing.
 *
 * @param since when the phase began
 * @param wanted whether it shall run
 * @param alive whether the operating system has a process for it
 * @param restarts how often it was started again
 * @param failures how often it died in a row without having been healthy for {@link
 *     Lifecycle#STEADY}
 * @param misses failed health checks in a row
 * @param dueAt when it is started again (BACK_OFF) or killed (STOPPING)
 * @param leases the end of each lease that holds it down
 * @param endedLeases the last leases that are over; a late renewal must not crash the process again
 */
public record ProcessState(
    Phase phase,
    Duration since,
    boolean wanted,
    boolean alive,
    int restarts,
    int failures,
    int misses,
    Duration dueAt,
    Map<String, Duration> leases,
    List<String> endedLeases) {
  public ProcessState {
    leases = Map.copyOf(leases);
    endedLeases = List.copyOf(endedLeases);
  }

  /** A process that was never started. */
  public static ProcessState initial() {
    return new ProcessState(
        Phase.STOPPED, Duration.ZERO, false, false, 0, 0, 0, Duration.ZERO, Map.of(), List.of());
  }

  ProcessState to(Phase next, Duration now) {
    return new ProcessState(
        next, now, wanted, alive, restarts, failures, 0, dueAt, leases, endedLeases);
  }

  ProcessState launched(Duration now) {
    return new ProcessState(
        Phase.STARTING, now, true, true, restarts, failures, 0, dueAt, Map.of(), endedLeases);
  }

  ProcessState withWanted(boolean value) {
    return new ProcessState(
        phase, since, value, alive, restarts, failures, misses, dueAt, leases, endedLeases);
  }

  ProcessState withAlive(boolean value) {
    return new ProcessState(
        phase, since, wanted, value, restarts, failures, misses, dueAt, leases, endedLeases);
  }

  ProcessState withRestarts(int value) {
    return new ProcessState(
        phase, since, wanted, alive, value, failures, misses, dueAt, leases, endedLeases);
  }

  ProcessState withFailures(int value) {
    return new ProcessState(
        phase, since, wanted, alive, restarts, value, misses, dueAt, leases, endedLeases);
  }

  ProcessState withMisses(int value) {
    return new ProcessState(
        phase, since, wanted, alive, restarts, failures, value, dueAt, leases, endedLeases);
  }

  ProcessState withDueAt(Duration value) {
    return new ProcessState(
        phase, since, wanted, alive, restarts, failures, misses, value, leases, endedLeases);
  }

  ProcessState withLeases(Map<String, Duration> open, List<String> ended) {
    return new ProcessState(
        phase, since, wanted, alive, restarts, failures, misses, dueAt, open, ended);
  }
}
