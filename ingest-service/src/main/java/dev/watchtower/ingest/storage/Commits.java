package dev.watchtower.ingest.storage;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Whether the requests that wait for their commit wait too long. Thread-safe. */
final class Commits {
  /** A commit takes milliseconds; on a slow disk a second. */
  private static final long LONG_NANOS = Duration.ofSeconds(2).toNanos();

  private final LongSupplier nanos;
  private int waiting;

  /** Since when some wait and none has an answer. */
  private long since;

  /**
   * @param nanos a clock for elapsed time
   */
  Commits(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** A request waits from now on, until {@link #answered}. */
  synchronized void waits() {
    if (waiting++ == 0) {
      since = nanos.getAsLong();
    }
  }

  /** A request does not wait any more. */
  synchronized void answered() {
    waiting--;
    since = nanos.getAsLong();
  }

  /** Whether all requests that wait have done so for long, while none had an answer. */
  synchronized boolean isStuck() {
    return waiting > 0 && nanos.getAsLong() - since > LONG_NANOS;
  }
}
