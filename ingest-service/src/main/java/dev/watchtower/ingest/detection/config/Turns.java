package dev.watchtower.ingest.detection.config;

import dev.watchtower.ingest.golden.Pace;
import dev.watchtower.ingest.golden.Rests;
import dev.watchtower.ingest.golden.WorkQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is: rules before golden signals, each at most once while it waits, and none before
 * it has rested ({@link Rests}, and for golden signals {@link Pace} besides). {@link #ask} and
 * {@link #waiting} by any thread, the rest by the one that works. As large as there are rules and
 * services.
 */
final class Turns {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_REST = TimeUnit.MINUTES.toNanos(1);

  private final LongSupplier nanos;
  private final WorkQueue<Work> queue;
  private final Rests<Work> rests = new Rests<>(LONGEST_REST);
  private final Pace pace;

  /**
   * Nothing waits yet.
   *
   * @param nanos a clock for elapsed time
   */
  Turns(LongSupplier nanos) {
    this.nanos = nanos;
    queue = new WorkQueue<>(nanos);
    pace = new Pace(nanos.getAsLong());
  }

  /** The work is to be done as soon as it has rested. */
  void ask(Work work) {
    long now = nanos.getAsLong();
    long rested = rests.until(work, now);
    // A rule pages somebody: it goes before all golden signals that wait.
    queue.add(work, rested == now && work instanceof Work.OfRule ? now - SECOND : rested);
  }

  /** What is to be done now; null if nothing is within {@code timeout} nanoseconds. */
  @Nullable Work next(long timeout) throws InterruptedException {
    Work work = queue.poll(timeout, TimeUnit.NANOSECONDS);
    if (work == null) {
      return null;
    }
    long now = nanos.getAsLong();
    long rested = rests.until(work, now);
    if (rested == now) {
      return work;
    }
    // Samples that came while it was done asked for it when its rest had not begun.
    queue.add(work, rested);
    return null;
  }

  /** It was done. */
  void done(Work work, long begin) {
    long end = nanos.getAsLong();
    rests.done(work, begin, end, usual(work, end - begin));
  }

  /**
   * It could not be done, and is asked for again in a second or when it has rested.
   *
   * @param tooMuch whether that is because it takes too much
   */
  void failed(Work work, long begin, boolean tooMuch) {
    long end = nanos.getAsLong();
    long usual = usual(work, end - begin);
    if (tooMuch) {
      rests.tookTooMuch(work, begin, end, usual);
    } else {
      rests.done(work, begin, end, usual);
    }
    queue.add(work, rests.until(work, end + SECOND));
  }

  private long usual(Work work, long cost) {
    return switch (work) {
      case Work.OfService _ -> pace.stretched(cost);
      case Work.OfRule _ -> Pace.urgent(cost);
    };
  }

  /** To be called about once a second. */
  void review() {
    pace.review(nanos.getAsLong());
  }

  /** It is another from now on, or is not done any more: how it rested does not count. */
  void forget(Work work) {
    rests.forget(work);
  }

  /** How much waits. */
  int waiting() {
    return queue.size();
  }
}
