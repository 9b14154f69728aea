package dev.watchtower.incident.remediation;

import java.time.Instant;

/** What golden signals show now. Every call has a time limit, and none throws. Thread-safe. */
@FunctionalInterface
public interface Telemetry {
  /** What is known of a signal. */
  sealed interface Reading {
    /** It has a value. */
    record Value(double value, Instant at) implements Reading {}

    /** It has none, as far as anybody can say. */
    record Unknown(String why, boolean sourceIsAway) implements Reading {}
  }

  /** The newest value of a golden signal of a service. */
  Reading read(String service, String env, String signal);
}
