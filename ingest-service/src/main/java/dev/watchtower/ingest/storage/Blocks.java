package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.storage.ChunkArchive.ChunkTarget;
import dev.watchtower.ingest.storage.ChunkArchive.Sealed;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Chunks of series with neighbouring numbers, packed into one row each: mostly the series of one
 * instance, sealed at the same time, so that what a row costs is shared and deflating finds what
 * they have in common.
 */
public final class Blocks {
  private static final int SERIES_BITS = 5;

  /** The most series in one. */
  public static final int MOST_SERIES = 1 << SERIES_BITS;

  /** Number of the block and time of its first sample. */
  private static final int HEADER = 2 * 8;

  /** Most bytes of what stands before the data of a chunk: one, and four numbers. */
  private static final int CHUNK_HEADER = 1 + 2 * 10 + 2 * 5;

  /** Beside the series, in the first byte of a chunk. */
  private static final int COLUMNS = 1 << SERIES_BITS;

  /** The first byte of a block: the form of the rest. Blocks of the wide forms are only read. */
  private static final byte WIDE_PLAIN = 0;

  private static final byte WIDE_DEFLATED = 1;
  private static final byte PLAIN = 2;
  private static final byte DEFLATED = 3;

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

  /** The highest number of a series that can be in a block. */
  public static long highest(long block) {
    return (block << SERIES_BITS) + (1L << SERIES_BITS) - 1;
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
    var length = 1 + HEADER;
    var minTs = Long.MAX_VALUE;
    var maxTs = Long.MIN_VALUE;
    var samples = 0;
    for (var sealed : chunks) {
      length += CHUNK_HEADER + sealed.chunk().data().length;
      minTs = Math.min(minTs, sealed.chunk().minTs());
      maxTs = Math.max(maxTs, sealed.chunk().maxTs());
      samples += sealed.chunk().samples();
    }
    var number = number(chunks.getFirst().seriesId());
    var plain = ByteBuffer.allocate(length).put(PLAIN).putLong(number).putLong(minTs);
    for (var sealed : chunks) {
      var chunk = sealed.chunk();
      plain.put((byte) ((sealed.seriesId() & (COLUMNS - 1)) | (chunk.columns() ? COLUMNS : 0)));
      varint(plain, chunk.minTs() - minTs);
      varint(plain, chunk.maxTs() - chunk.minTs());
      varint(plain, chunk.samples());
      varint(plain, chunk.data().length);
      plain.put(chunk.data());
    }
    return new Block(
        number,
        minTs,
        maxTs,
        samples,
        smaller(Arrays.copyOf(plain.array(), plain.position()), deflater));
  }

  private static void varint(ByteBuffer out, long value) {
    var rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.put((byte) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }

  private static long varint(ByteBuffer in) {
    var value = 0L;
    for (var shift = 0; shift < 64; shift += 7) {
      var b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw damaged(null);
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
    return Arrays.copyOf(target, 5 + length);
  }

  /**
   * Gives the chunks of the series that are wanted.
   *
   * @throws IllegalArgumentException if the bytes are damaged
   */
  public static void unpack(byte[] data, LongPredicate wanted, ChunkTarget target) {
    try {
      var buffer = ByteBuffer.wrap(plain(data));
      switch (data[0]) {
        case PLAIN, DEFLATED -> unpackNarrow(buffer, wanted, target);
        case WIDE_PLAIN, WIDE_DEFLATED -> unpackWide(buffer, wanted, target);
        default -> throw damaged(null);
      }
    } catch (BufferUnderflowException e) {
      throw damaged(e);
    }
  }

  private static void unpackNarrow(ByteBuffer buffer, LongPredicate wanted, ChunkTarget target) {
    var firstSeries = buffer.getLong() << SERIES_BITS;
    var base = buffer.getLong();
    while (buffer.hasRemaining()) {
      var head = buffer.get();
      var series = firstSeries | (head & (COLUMNS - 1));
      var minTs = base + varint(buffer);
      var maxTs = minTs + varint(buffer);
      var samples = varint(buffer);
      var bytes = bytes(buffer, varint(buffer), wanted.test(series));
      if (bytes != null) {
        target.chunk(series, new Chunk(minTs, maxTs, count(samples), bytes, (head & COLUMNS) != 0));
      }
    }
  }

  private static void unpackWide(ByteBuffer buffer, LongPredicate wanted, ChunkTarget target) {
    while (buffer.hasRemaining()) {
      var series = buffer.getLong();
      var minTs = buffer.getLong();
      var maxTs = buffer.getLong();
      var samples = buffer.getInt();
      var bytes = bytes(buffer, buffer.getInt(), wanted.test(series));
      if (bytes != null) {
        target.chunk(series, new Chunk(minTs, maxTs, count(samples), bytes));
      }
    }
  }

  private static int count(long samples) {
    if (samples < 0 || samples > MAX_BYTES) {
      throw damaged(null);
    }
    return (int) samples;
  }

  /** The next bytes, or null and passed over. */
  private static byte @Nullable [] bytes(ByteBuffer buffer, long length, boolean wanted) {
    if (length < 0 || length > buffer.remaining()) {
      throw damaged(null);
    }
    if (!wanted) {
      buffer.position(buffer.position() + (int) length);
      return null;
    }
    var bytes = new byte[(int) length];
    buffer.get(bytes);
    return bytes;
  }

  private static byte[] plain(byte[] data) {
    var buffer = ByteBuffer.wrap(data);
    var form = buffer.get();
    if (form == PLAIN || form == WIDE_PLAIN) {
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

  private static IllegalArgumentException damaged(@Nullable Exception cause) {
    return new IllegalArgumentException("a block of chunks is damaged", cause);
  }
}
