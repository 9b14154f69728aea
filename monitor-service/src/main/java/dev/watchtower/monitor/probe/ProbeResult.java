package dev.watchtower.monitor.probe;

/** What one check found. */
public sealed interface ProbeResult {
  /**
   * It answered as expected.
   *
   * @param latencyMillis how long it took
   */
  record Answered(long latencyMillis) implements ProbeResult {}

  /**
   * It did not.
   *
   * @param reason for people, short: {@code connection refused}
   */
  record Failed(String reason) implements ProbeResult {}
}
