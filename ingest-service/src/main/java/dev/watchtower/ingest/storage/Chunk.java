package dev.watchtower.ingest.storage;

/**
 * Compressed samples of one series.
 *
 * @param minTs time of the first sample, milliseconds since the epoch
 * @param maxTs time of the last; at most {@link #MAX_SPAN_MILLIS} after the first
 * @param data not to be changed
 * @param columns whether {@link ColumnChunk} made the data; else {@link ChunkWriter} did
 */
@SuppressWarnings("ArrayRecordComponent")
public record Chunk(long minTs, long maxTs, int samples, byte[] data, boolean columns) {
  /** The longest time a chunk spans, so that a search by time can be bounded on both sides. */
  public static final long MAX_SPAN_MILLIS = 2 * 3600_000L;

  /** Bytes that it takes in memory beside its data: itself, its place in a list, array headers. */
  public static final int OVERHEAD = 88;

  /** The most samples a chunk holds. */
  static final int MAX_SAMPLES = 480;

  /** A chunk that {@link ChunkWriter} or {@link RollupCodec} made. */
  public Chunk(long minTs, long maxTs, int samples, byte[] data) {
    this(minTs, maxTs, samples, data, false);
  }

  boolean overlaps(long from, long to) {
    return minTs <= to && maxTs >= from;
  }

  void read(long from, long to, SampleCollector target) {
    if (columns) {
      ColumnChunk.read(this, from, to, target);
    } else {
      ChunkReader.read(data, samples, from, to, target);
    }
  }
}
