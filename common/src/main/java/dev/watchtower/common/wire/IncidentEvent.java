package dev.watchtower.common.wire;

/**
 * What can happen to an incident. Which event is allowed in which state is decided by
 * incident-service alone.
 */
public enum IncidentEvent {
  ACKNOWLEDGE,
  INVESTIGATE,
  IDENTIFY,
  MITIGATE,
  /** All signals cleared; sent by the system only. */
  RECOVER,
  /** A signal fires again after mitigation; sent by the system only. */
  REGRESS,
  RESOLVE,
  /** A false alarm; needs a reason. */
  DISMISS
}
