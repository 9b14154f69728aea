package dev.watchtower.ingest.doors;

/** A JSON body with a fault at a known place. Nothing of it is stored. */
public final class FaultyFieldException extends RuntimeException {
  private final String path;

  /**
   * @param path where, for example {@code samples[3].value}; empty for the whole body
   * @param message what was expected
   */
  public FaultyFieldException(String path, String message) {
    super(message, null, false, false);
    this.path = path;
  }

  /** Where the fault is. */
  public String path() {
    return path;
  }
}
