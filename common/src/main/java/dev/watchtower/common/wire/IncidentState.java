package dev.watchtower.common.wire;

/** Where an incident stands in its lifecycle. */
public enum IncidentState {
  OPEN,
  ACKNOWLEDGED,
  INVESTIGATING,
  IDENTIFIED,
  MITIGATED,
  /** Terminal: nothing about the incident changes any more. */
  RESOLVED
}
