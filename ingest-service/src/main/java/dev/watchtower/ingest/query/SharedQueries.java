package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.SeriesStore;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The room that all reads of the HTTP API share: at most {@link #AT_ONCE} compute at a time, on
 * threads of their own, and together they hold as many samples as one query alone may. Who finds no
 * room waits for {@link #WAIT}, then is told to come back. Thread-safe.
 */
public final class SharedQueries {
  /** Reads that compute at a time. */
  public static final int AT_ONCE = 8;

  /** How long one waits for others. */
  public static final Duration WAIT = Duration.ofSeconds(2);

  private final QueryEngine engine;
  private final LongSupplier nanos;
  private final SharedSamples samples;
  private final Semaphore room = new Semaphore(AT_ONCE, true);
  private final ComputingThreads threads = new ComputingThreads("query", AT_ONCE);

  /**
   * @param nanos a clock for elapsed time, {@code System::nanoTime}
   */
  public SharedQueries(QueryEngine engine, LongSupplier nanos) {
    this.engine = engine;
    this.nanos = nanos;
    this.samples = new SharedSamples(engine.limits().maxSamples(), WAIT);
  }

  /** What one answer holds until it is written; for one thread. */
  public SharedSamples.Share share() {
    return samples.share();
  }

  /** The samples they share. */
  public SharedSamples samples() {
    return samples;
  }

  /**
   * Computes an answer with one query whose samples count until the share is closed.
   *
   * @throws QueryException unavailable, if there was no room; else what {@code compute} throws
   */
  public <T> T compute(SharedSamples.Share share, Function<QueryEngine, T> compute) {
    return admitted(() -> compute.apply(engine.within(share)));
  }

  /**
   * Computes an answer with several range queries, which all together may take as long as one; the
   * samples of each count while it is computed, so that what {@code compute} keeps must be little.
   *
   * @throws QueryException unavailable, if there was no room; timeout, if there was no time; else
   *     what {@code compute} throws
   */
  public <T> T compute(Function<QueryEngine, T> compute) {
    return admitted(() -> {
      long deadline = nanos.getAsLong() + engine.limits().timeout().toNanos();
      return compute.apply(engine.sharing(samples, deadline));
    });
  }

  private <T> T admitted(Supplier<T> compute) {
    try {
      if (!room.tryAcquire(WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw QueryException.unavailable("too many queries at once: try again in a moment");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw QueryException.unavailable("the query was interrupted");
    }
    try {
      return threads.call(compute);
    } catch (SeriesStore.LimitExceededException e) {
      throw QueryException.execution(String.valueOf(e.getMessage()));
    } catch (SeriesStore.StoreUnavailableException e) {
      throw QueryException.unavailable(String.valueOf(e.getMessage()));
    } finally {
      room.release();
    }
  }
}
