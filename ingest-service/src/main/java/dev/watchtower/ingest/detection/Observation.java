package dev.watchtower.ingest.detection;

/** What a rule sees of its subject at one instant. */
public enum Observation {
  /** The condition holds. */
  BREACH,
  /** The condition does not hold. */
  FINE,
  /** Nothing can be said; the state stays as it is, because silence is no proof of recovery. */
  UNKNOWN
}
