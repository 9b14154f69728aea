package dev.watchtower.ingest.storage;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Whether requests wait too long for their commit, or fail one after the other. Thread-safe. */
final class Commits {
  /** A commit takes milliseconds; on a slow disk a second. */
  private static final long LONG_NANOS = Duration.ofSeconds(2).toNanos();

  /** One that fails is tried again in less; PostgreSQL may be restarting. */
  private static final long FAILING_NANOS = Duration.ofSeconds(5).toNanos();

  /** A failure says nothing any more after this; senders come again sooner. */
  private static final long FRESH_NANOS = Duration.ofMinutes(1).toNanos();

  private final LongSupplier nanos;
  private int waiting;

  /** Of the first and the latest failure since anything was stored. */
  private long failingSince;

  private long failedLast;
  private boolean failed;

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

  /** A request was stored, or all of it was there already. */
  synchronized void stored() {
    failed = false;
  }

  /** A request was not stored, for a reason of ours. */
  synchronized void failed() {
    var now = nanos.getAsLong();
    if (!failed || now - failedLast > FRESH_NANOS) {
      failingSince = now;
    }
    failedLast = now;
    failed = true;
  }

  /** Whether nothing has been stored for some seconds, though it was tried again and again. */
  synchronized boolean isFailing() {
    var now = nanos.getAsLong();
    return failed && now - failedLast <= FRESH_NANOS && failedLast - failingSince >= FAILING_NANOS;
  }
}
