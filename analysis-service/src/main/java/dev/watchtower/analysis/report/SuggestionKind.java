package dev.watchtower.analysis.report;

/** The closed list of what may be suggested. */
public enum SuggestionKind {
  /** Look at something. */
  CHECK,
  /** Go back to the version before. */
  ROLLBACK,
  /** Start the process again. */
  RESTART,
  /** Give it more room. */
  SCALE,
  /** Lessen the harm while the cause is dealt with. */
  MITIGATE
}
