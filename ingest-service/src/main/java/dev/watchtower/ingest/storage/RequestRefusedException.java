package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import org.jspecify.annotations.Nullable;

/**
 * A request that is sent away before anybody knows how many samples it has. Worth trying again;
 * counted by {@link IngestCounters#countRefused}.
 */
public final class RequestRefusedException extends StoreUnavailableException {
  private static final long serialVersionUID = 1;

  /** Why; the texts are the values of the metric's label {@code reason}. */
  public enum Reason {
    /** Storage is still being opened, or opened anew. */
    NOT_OPEN("not-open"),
    /** The requests that are worked on hold all the memory there is for them. */
    MEMORY("memory"),
    /** Its body did not come to its end. */
    INCOMPLETE("incomplete"),
    /** It waited too long for others of its kind. */
    BUSY("busy"),
    /** A fault of ours, which the log has. */
    FAULT("fault");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** As it stands in metrics. */
    public String text() {
      return text;
    }
  }

  private final Reason reason;

  /** Refused, and what to tell the sender. */
  public RequestRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Refused because of something else. */
  public RequestRefusedException(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
