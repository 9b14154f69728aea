package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.util.Collection;
import java.util.List;

/** Sealed chunks and the series they belong to. Thread-safe. */
public interface ChunkArchive {

  /** A chunk of a series on its way into the archive. */
  record Sealed(long seriesId, Chunk chunk) {}

  /** Takes series at the start. */
  @FunctionalInterface
  interface SeriesTarget {
    void series(long id, Labels labels);
  }

  /** Takes chunks of series. */
  @FunctionalInterface
  interface ChunkTarget {
    void chunk(long seriesId, Chunk chunk);
  }

  /**
   * Stores new series, chunks, and the log position up to which they are complete: all or nothing.
   * Sealing through the same position again changes nothing.
   */
  void seal(List<Series> newSeries, Collection<Sealed> chunks, long throughPosition)
      throws UnavailableException;

  /** Gives all series. */
  void loadSeries(SeriesTarget target) throws UnavailableException;

  /** Gives all chunks that end at or after a time. */
  void loadChunks(long endingFrom, ChunkTarget target) throws UnavailableException;

  /**
   * Gives the chunks of some series that overlap two times, both included, in the order in which
   * they were sealed.
   */
  void read(List<Series> series, long from, long to, ChunkTarget target)
      throws UnavailableException;

  /**
   * Drops what is wholly older than a time, day by day.
   *
   * @return how many days were dropped
   */
  int dropBefore(long millis) throws UnavailableException;
}
