package dev.watchtower.common.wire;

/** What a timeline entry records. */
public enum TimelineKind {
  SIGNAL_FIRED,
  SIGNAL_CLEARED,
  STATE_CHANGED,
  CHANGE_EVENT,
  ANNOTATION,
  ANALYSIS,
  REMEDIATION,
  NOTIFICATION,
  ESCALATION,
  STATUS_UPDATE
}
