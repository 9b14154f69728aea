package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.storage.ChunkArchive.ChunkTarget;
import dev.watchtower.ingest.storage.ChunkArchive.Sealed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Chunks of series with neighbouring numbers, packed into one row each: mostly the series of one
 * instance, sealed at the same time, so that what a row costs is shared and deflating finds what
 * they have in common.
 */
public final class Blocks {
  private static final int SERIES_BITS = 5;
  private static final int HEADER = 3 * 8 + 2 * 4;
  private static final byte PLAIN = 0;
  private static final byte DEFLATED = 1;

  /** Below this a deflated form is not worth the time to inflate it. */
  private static final double WORTH = 0.95;

  private static final int MAX_BYTES = 256 << 20;

  private Blocks() {}

  /**
   * A row.
   *
   * @param number of the series in it, divided by 32
   * @param samples of all its chunks
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Block(long number, long minTs, long maxTs, int samples, byte[] data) {}

  /** The number of the block that a series is in. */
  public static long number(long seriesId) {
    return seriesId >> SERIES_BITS;
  }

  /** All chunks of a tier as rows. */
  public static List<Block> pack(Tier tier, Collection<Sealed> chunks) {
    var sorted = new ArrayList<>(chunks);
    sorted.sort(
        Comparator.comparingLong((Sealed s) -> number(s.seriesId()))
            .thenComparingLong(s -> group(tier, s))
            // Stable: of one series the order in which they were handed out stays.
            .thenComparingLong(Sealed::seriesId));
    var blocks = new ArrayList<Block>();
    var deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      for (var from = 0; from < sorted.size(); ) {
        var to = from + 1;
        while (to < sorted.size() && together(tier, sorted.get(from), sorted.get(to))) {
          to++;
        }
        blocks.add(block(sorted.subList(from, to), deflater));
        from = to;
      }
    } finally {
      deflater.end();
    }
    return blocks;
  }

  private static boolean together(Tier tier, Sealed a, Sealed b) {
    return number(a.seriesId()) == number(b.seriesId()) && group(tier, a) == group(tier, b);
  }

  private static long group(Tier tier, Sealed sealed) {
    return Math.floorDiv(sealed.chunk().maxTs(), tier.groupMillis());
  }

  private static Block block(List<Sealed> chunks, Deflater deflater) {
    var length = 0;
    var minTs = Long.MAX_VALUE;
    var maxTs = Long.MIN_VALUE;
    var samples = 0;
    for (var sealed : chunks) {
      length += HEADER + sealed.chunk().data().length;
      minTs = Math.min(minTs, sealed.chunk().minTs());
      maxTs = Math.max(maxTs, sealed.chunk().maxTs());
      samples += sealed.chunk().samples();
    }
    var plain = ByteBuffer.allocate(1 + length).put(PLAIN);
    for (var sealed : chunks) {
      var chunk = sealed.chunk();
      plain.putLong(sealed.seriesId()).putLong(chunk.minTs()).putLong(chunk.maxTs());
      plain.putInt(chunk.samples()).putInt(chunk.data().length).put(chunk.data());
    }
    return new Block(
        number(chunks.getFirst().seriesId()),
        minTs,
        maxTs,
        samples,
        smaller(plain.array(), deflater));
  }

  private static byte[] smaller(byte[] plain, Deflater deflater) {
    deflater.reset();
    deflater.setInput(plain, 1, plain.length - 1);
    deflater.finish();
    var target = new byte[(int) (plain.length * WORTH)];
    var length = deflater.deflate(target, 5, Math.max(0, target.length - 5));
    if (!deflater.finished()) {
      return plain;
    }
    ByteBuffer.wrap(target).put(DEFLATED).putInt(plain.length - 1);
    return java.util.Arrays.copyOf(target, 5 + length);
  }

  /**
   * Gives the chunks of the series that are wanted.
   *
   * @throws IllegalArgumentException if the bytes are damaged
   */
  public static void unpack(byte[] data, LongPredicate wanted, ChunkTarget target) {
    try {
      var buffer = ByteBuffer.wrap(plain(data));
      while (buffer.hasRemaining()) {
        var series = buffer.getLong();
        var minTs = buffer.getLong();
        var maxTs = buffer.getLong();
        var samples = buffer.getInt();
        var length = buffer.getInt();
        if (length < 0 || length > buffer.remaining() || samples < 0) {
          throw damaged(null);
        }
        if (!wanted.test(series)) {
          buffer.position(buffer.position() + length);
          continue;
        }
        var bytes = new byte[length];
        buffer.get(bytes);
        target.chunk(series, new Chunk(minTs, maxTs, samples, bytes));
      }
    } catch (java.nio.BufferUnderflowException e) {
      throw damaged(e);
    }
  }

  private static byte[] plain(byte[] data) {
    var buffer = ByteBuffer.wrap(data);
    if (buffer.get() == PLAIN) {
      var plain = new byte[buffer.remaining()];
      buffer.get(plain);
      return plain;
    }
    var length = buffer.getInt();
    if (length < 0 || length > MAX_BYTES) {
      throw damaged(null);
    }
    var inflater = new Inflater(true);
    try {
      inflater.setInput(buffer);
      var plain = new byte[length];
      if (inflater.inflate(plain) != length) {
        throw damaged(null);
      }
      return plain;
    } catch (DataFormatException e) {
      throw damaged(e);
    } finally {
      inflater.end();
    }
  }

  private static IllegalArgumentException damaged(
      @org.jspecify.annotations.Nullable Exception cause) {
    return new IllegalArgumentException("a block of chunks is damaged", cause);
  }
}
