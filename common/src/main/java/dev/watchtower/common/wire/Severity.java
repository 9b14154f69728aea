package dev.watchtower.common.wire;

/** How bad an incident or a signal is; {@link #SEV1} is the worst. */
public enum Severity {
  SEV1,
  SEV2,
  SEV3,
  SEV4;

  /** The worse of the two. */
  public Severity worse(Severity other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
