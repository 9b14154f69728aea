package dev.watchtower.monitor.probe;

/** What the probes make of something. */
public enum HealthState {
  UP,
  DOWN,
  /** Not measured, or not for long enough to say. */
  UNKNOWN
}
