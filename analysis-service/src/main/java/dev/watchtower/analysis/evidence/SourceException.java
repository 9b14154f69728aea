package dev.watchtower.analysis.evidence;

/** A source of evidence does not answer. The message says which and why, in a few words. */
public final class SourceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
