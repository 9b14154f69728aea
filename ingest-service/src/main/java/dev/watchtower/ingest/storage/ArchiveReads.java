package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.storage.ChunkArchive.ChunkTarget;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What queries read of the archive: {@link #AT_ONCE} at a time. Each has a connection until all is
 * read, and commits, sealing and signals take theirs from the same few. Thread-safe.
 */
final class ArchiveReads {
  /** Reads at a time: less than half of the connections. */
  static final int AT_ONCE = 4;

  /** The longest that one waits for others: as long as the longest query. */
  private static final long WAIT_MILLIS = 10_000;

  private static final long CHECK_MILLIS = 100;

  /** The check of who waits for nobody and has no end in time: rules and the like. */
  static final Runnable NONE = () -> {};

  /** {@link ChunkArchive#read}. */
  @FunctionalInterface
  interface Source {
    void read(Tier tier, List<Series> series, long from, long to, ChunkTarget target)
        throws UnavailableException;
  }

  private final Source source;
  private final Semaphore room = new Semaphore(AT_ONCE, true);

  ArchiveReads(Source source) {
    this.source = source;
  }

  /**
   * Gives chunks as {@link ChunkArchive#read} does.
   *
   * @param check called while it waits, and before each chunk; what it throws ends the reading
   */
  void read(Tier tier, List<Series> series, long from, long to, Runnable check, ChunkTarget target)
      throws UnavailableException {
    if (check.equals(NONE)) {
      source.read(tier, series, from, to, target);
      return;
    }
    acquire(check);
    try {
      source.read(
          tier,
          series,
          from,
          to,
          (id, chunk) -> {
            check.run();
            target.chunk(id, chunk);
          });
    } finally {
      room.release();
    }
  }

  private void acquire(Runnable check) throws UnavailableException {
    try {
      for (var waited = 0L; waited < WAIT_MILLIS; waited += CHECK_MILLIS) {
        check.run();
        if (room.tryAcquire(CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted while others read", e);
    }
    throw new UnavailableException("too many queries read them at once: try again in a moment");
  }
}
