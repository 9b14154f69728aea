package dev.watchtower.monitor.uptime;

/** How a subject is doing while time is counted. */
public enum Condition {
  UP,
  DEGRADED,
  DOWN,
  /** Not measured, or planned work: the time counts as nothing, above all not as up. */
  UNKNOWN
}
