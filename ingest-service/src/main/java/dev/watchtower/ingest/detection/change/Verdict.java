package dev.watchtower.ingest.detection.change;

/** What became of a service by a deployment. */
public enum Verdict {
  BETTER,
  SAME,
  WORSE,
  /** There is too little to compare. */
  UNKNOWN
}
