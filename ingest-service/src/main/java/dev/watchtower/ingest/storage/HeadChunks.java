package dev.watchtower.ingest.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Head} has in memory: an open chunk that grows, closed chunks that wait to be sealed
 * or are kept for fast reading, and a small sorted buffer of late samples. They may overlap in
 * time, but have no time twice. Its superclass, as another object for each series would take room.
 * Thread-safe where it says so; else the lock is to be held.
 */
abstract class HeadChunks {
  /** Bytes; the unit of {@link #expected}. */
  private static final int SIZE_STEP = 16;

  private static final class Closed {
    private final Chunk chunk;
    private boolean sealed;

    Closed(Chunk chunk, boolean sealed) {
      this.chunk = chunk;
      this.sealed = sealed;
    }
  }

  private @Nullable ChunkWriter open;
  private @Nullable LateSamples late;
  private final List<Closed> closed = new ArrayList<>(0);

  /** What the next chunk will take, as the last one did and a little more; an unsigned number. */
  private byte expected;

  /** Adds a sample later than all of the open chunk. */
  final void appendToOpen(long ts, double value) {
    var writer = open;
    if (writer != null
        && (writer.samples() >= Chunk.MAX_SAMPLES
            || ts - writer.firstTs() > Chunk.MAX_SPAN_MILLIS)) {
      close(writer);
      writer = null;
    }
    if (writer == null) {
      writer = new ChunkWriter((expected & 0xff) * SIZE_STEP);
      open = writer;
    }
    writer.append(ts, value);
  }

  /** What is appended next may be earlier than what was. */
  final void closeOpen() {
    if (open != null) {
      close(open);
    }
  }

  private void close(ChunkWriter writer) {
    expected = (byte) Math.min(0xff, writer.size() / SIZE_STEP + 2);
    closed.add(new Closed(writer.close(), false));
    open = null;
  }

  /** Adds a sample whose time is not there. */
  final void addLate(long ts, double value) {
    if (late == null) {
      late = new LateSamples();
    }
    late.add(ts, value);
    if (late.isFull()) {
      closeLate(late);
    }
  }

  private void closeLate(LateSamples samples) {
    samples.chunks(chunk -> closed.add(new Closed(chunk, false)));
    late = null;
  }

  /** Adds a chunk that is in the archive. */
  final void addSealed(Chunk chunk) {
    closed.add(new Closed(chunk, true));
  }

  final boolean isEmpty() {
    return open == null && late == null && closed.isEmpty();
  }

  /** Adds what there is between two times, both included. */
  final void collect(long from, long to, SampleCollector target) {
    for (var item : closed) {
      if (item.chunk.overlaps(from, to)) {
        item.chunk.read(from, to, target);
      }
    }
    if (late != null) {
      late.read(from, to, target);
    }
    if (open != null && open.firstTs() <= to && open.lastTs() >= from) {
      open.read(from, to, target);
    }
  }

  /** Closes everything and hands out the chunks that are not sealed. Thread-safe. */
  final synchronized void cut(Consumer<Chunk> unsealed) {
    if (late != null) {
      closeLate(late);
    }
    closeOpen();
    for (var item : closed) {
      if (!item.sealed) {
        unsealed.accept(item.chunk);
      }
    }
  }

  /**
   * Instead of a chunk that was cut out, this is what is to be sealed; null for nothing.
   * Thread-safe.
   */
  final synchronized void replace(Chunk cut, @Nullable Chunk rest) {
    for (var items = closed.listIterator(); items.hasNext(); ) {
      if (items.next().chunk.equals(cut)) {
        if (rest == null) {
          items.remove();
        } else {
          items.set(new Closed(rest, false));
        }
      }
    }
  }

  /** The chunk is in the archive now. Thread-safe. */
  final synchronized void sealed(Chunk chunk) {
    for (var item : closed) {
      // Equal only to the very bytes that cut() handed out.
      if (item.chunk.equals(chunk)) {
        item.sealed = true;
      }
    }
  }

  /** Bytes that sealed chunks take in memory, about. Thread-safe. */
  final synchronized long sealedBytes() {
    var bytes = 0L;
    for (var item : closed) {
      bytes += item.sealed ? Chunk.OVERHEAD + item.chunk.data().length : 0;
    }
    return bytes;
  }

  /**
   * Drops sealed chunks that end before a time.
   *
   * @return the time before which the archive alone may have some; the least if none was dropped
   */
  final long dropSealed(long before) {
    var complete = Long.MIN_VALUE;
    for (var items = closed.iterator(); items.hasNext(); ) {
      var item = items.next();
      if (item.sealed && item.chunk.maxTs() < before) {
        items.remove();
        complete = Math.max(complete, item.chunk.maxTs() + 1);
      }
    }
    return complete;
  }
}
