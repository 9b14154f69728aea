package dev.watchtower.ingest.events;

/** An event that cannot be taken. Nothing of its request is stored. */
public final class InvalidEventException extends RuntimeException {
  private final String path;

  /**
   * @param path the attribute or member at fault; empty for the whole body
   * @param message what was expected
   */
  public InvalidEventException(String path, String message) {
    super(message, null, false, false);
    this.path = path;
  }

  /** Where the fault is. */
  public String path() {
    return path;
  }
}
