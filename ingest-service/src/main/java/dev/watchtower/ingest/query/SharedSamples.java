package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.SeriesStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * The samples that all queries of the HTTP API together may hold at once, read or produced, until
 * their answers are written. Where too few are left, a query waits a moment and is then told to
 * come back. Thread-safe.
 */
public final class SharedSamples {
  /** Samples are counted in blocks of so many. */
  private static final int BLOCK = 1024;

  private final Semaphore blocks;
  private final long waitMillis;

  /**
   * @param most samples in all
   * @param wait how long a query waits for others to end
   */
  public SharedSamples(long most, Duration wait) {
    // Rounded up: what is too much for one alone must not seem to be held by others.
    long all = (most + BLOCK - 1) / BLOCK;
    this.blocks = new Semaphore(Math.clamp(all, 1, Integer.MAX_VALUE), true);
    this.waitMillis = wait.toMillis();
  }

  /** What one query holds; for one thread. */
  public Share share() {
    return new Share();
  }

  private boolean taken(int count) {
    try {
      return blocks.tryAcquire(count, waitMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static QueryException none() {
    return QueryException.unavailable(
        "other queries hold the memory for samples: try again in a moment");
  }

  /** What one query holds; closing gives it back. For one thread. */
  public final class Share implements AutoCloseable {
    private long used;
    private int held;

    private Share() {}

    /**
     * Counts samples.
     *
     * @throws QueryException unavailable, if others hold what is missing
     */
    void use(long samples) {
      long needed = (used + samples + BLOCK - 1) / BLOCK - held;
      if (needed > 0) {
        if (needed > Integer.MAX_VALUE || !taken((int) needed)) {
          throw none();
        }
        held += (int) needed;
      }
      used += samples;
    }

    /**
     * Reads samples; how many is not known before. At first a quarter of what is free is set aside
     * for them, then, if they are more, all of it.
     *
     * @param most samples that the query may have in any case
     * @param read reads at most so many
     * @throws SeriesStore.LimitExceededException if there are more than {@code most}
     * @throws QueryException unavailable, if there are more than others leave
     */
    List<Samples> read(long most, LongFunction<List<Samples>> read) {
      long wanted = Math.max(1, (most + BLOCK - 1) / BLOCK);
      int aside = (int) Math.min(wanted, Math.max(1, blocks.availablePermits() / 4));
      while (true) {
        if (!taken(aside)) {
          throw none();
        }
        int kept = 0;
        try {
          List<Samples> samples = read.apply(Math.min(most, (long) aside * BLOCK));
          long size = 0;
          for (Samples one : samples) {
            size += one.counted();
          }
          kept = (int) ((size + BLOCK - 1) / BLOCK);
          held += kept;
          // By whole blocks: the rest of the last one is not worth the trouble.
          used += (long) kept * BLOCK;
          return samples;
        } catch (SeriesStore.LimitExceededException e) {
          if ((long) aside * BLOCK >= most) {
            throw e;
          }
        } finally {
          blocks.release(aside - kept);
        }
        int free = (int) Math.min(wanted, blocks.availablePermits());
        if (free <= aside) {
          throw none();
        }
        aside = free;
      }
    }

    @Override
    public void close() {
      blocks.release(held);
      held = 0;
      used = 0;
    }
  }
}
