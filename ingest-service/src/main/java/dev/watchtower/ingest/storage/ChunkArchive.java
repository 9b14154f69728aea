package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sealed chunks, roll-ups, and the series they belong to. Thread-safe. */
public interface ChunkArchive {

  /** A chunk of a series on its way into the archive. */
  record Sealed(long seriesId, Chunk chunk) {}

  /**
   * A part of a tier, dropped as a whole.
   *
   * @param fromMillis first millisecond whose samples may be in it
   * @param toMillis first millisecond behind it
   * @param bytes on disk
   */
  record Partition(Tier tier, long fromMillis, long toMillis, long bytes) {}

  /** Takes series at the start. */
  @FunctionalInterface
  interface SeriesTarget {
    /**
     * A series.
     *
     * @param lastDay day since 1970 of its last sealed sample, or a later one
     * @return its number, or that of the series which was taken with the same labels
     */
    long series(long id, Labels labels, int lastDay);
  }

  /**
   * How it stands with the archived series.
   *
   * @param highest number that was ever given to a series, so far as is known
   * @param quarantined rows that say nothing that could be used and wait for a repair by hand,
   *     those of earlier starts included
   * @param damage what was found this time, in words
   */
  record SeriesFound(long highest, int quarantined, List<String> damage) {
    public SeriesFound {
      damage = List.copyOf(damage);
    }
  }

  /** Takes chunks of series. */
  @FunctionalInterface
  interface ChunkTarget {
    void chunk(long seriesId, Chunk chunk);
  }

  /** What is to be sealed. */
  interface Cut {
    /** The numbers of all partitions of a tier that chunks may lie in, at least. */
    Set<Long> partitions(Tier tier);

    /**
     * The chunks, a part at a time and made when it is asked for: all of them in memory at once, in
     * three tiers, would be more than all the samples they are made of. Can be asked for again.
     */
    Iterator<Map<Tier, List<Sealed>>> parts();

    /** Series whose last day moved on, by that day. */
    Map<Integer, List<Long>> seen();
  }

  /**
   * Stores new series, chunks, and the log position up to which they are complete: all or nothing.
   * Sealing through the same position again changes nothing.
   */
  void seal(List<Series> newSeries, Cut cut, long throughPosition) throws UnavailableException;

  /** Gives all series. What is damaged of them is put aside, and does not hold back the others. */
  SeriesFound loadSeries(SeriesTarget target) throws UnavailableException;

  /** Bytes that {@link #loadChunks} would give, about and rather more, in memory. */
  long recentBytes(long endingFrom) throws UnavailableException;

  /** Gives all chunks of raw samples that end at or after a time. */
  void loadChunks(long endingFrom, ChunkTarget target) throws UnavailableException;

  /**
   * Gives the chunks of some series that overlap two times, both included, in the order in which
   * they were sealed.
   */
  void read(Tier tier, List<Series> series, long from, long to, ChunkTarget target)
      throws UnavailableException;

  /** What there is, in order of time within each tier. */
  List<Partition> partitions() throws UnavailableException;

  /**
   * Drops a part.
   *
   * @return how many samples, or buckets, were in it
   */
  long drop(Partition partition) throws UnavailableException;

  /**
   * Up to which time, exclusive, parts of a tier were dropped; none for tiers of which nothing was.
   */
  Map<Tier, Long> droppedThrough() throws UnavailableException;

  /** What time it was when retention ran last, milliseconds since the epoch; 0 for never. */
  long retentionTime() throws UnavailableException;

  /** Keeps what {@link #retentionTime} gives from now on. */
  void retentionTime(long millis) throws UnavailableException;

  /** Removes series; of what samples they have left nobody knows any more whose they are. */
  void removeSeries(List<Long> ids) throws UnavailableException;
}
