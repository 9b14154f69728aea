package dev.watchtower.ingest.detection.anomaly;

/** Remembers patterns of one length and says how far a new one is from all it knows. */
interface Memory {
  /** The distance to what is known, 0 or more; 0 when nothing is known yet. */
  double distance(float[] pattern);

  /** Remembers the pattern that {@link #distance} was asked about last, if it is new enough. */
  void learn(float[] pattern, double distance);

  /** Saves or loads it. */
  void exchange(ModelState state);
}
