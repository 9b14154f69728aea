package dev.watchtower.incident.lifecycle;

/**
 * Somebody else changed the same incident first: the transaction is lost and may be tried again.
 */
public final class ConcurrentChange extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The loss, with what the store said. */
  public ConcurrentChange(Throwable cause) {
    super("the incident was changed by somebody else at the same time", cause);
  }
}
