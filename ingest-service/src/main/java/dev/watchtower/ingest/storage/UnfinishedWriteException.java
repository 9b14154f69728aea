package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Nobody waits any more for a request that may still be stored. Thread-safe. */
public final class UnfinishedWriteException extends StoreUnavailableException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable Future<?> write;

  UnfinishedWriteException(String message, Throwable cause, Future<?> write) {
    super(message, cause);
    this.write = write;
  }

  /** Whether it is stored and readable, or will never be. */
  public boolean isFinished() {
    var one = write;
    return one == null || one.isDone();
  }
}
