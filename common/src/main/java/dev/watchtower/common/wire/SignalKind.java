package dev.watchtower.common.wire;

/** What noticed the breach that a signal reports. */
public enum SignalKind {
  /** An expression crossed a limit. */
  THRESHOLD,
  /** A series left its usual range. */
  ANOMALY,
  /** An SLO's error budget burns too fast. */
  BURN_RATE,
  /** A service that used to send telemetry sends none. */
  NO_DATA,
  /** A deployment made things worse. */
  CHANGE,
  /** A black-box probe found a service down. */
  SERVICE_DOWN,
  /** Another system's alert, for example from Alertmanager. */
  EXTERNAL
}
