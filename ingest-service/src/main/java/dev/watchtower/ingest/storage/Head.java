package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SignsOfLife;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest samples of one series: an open chunk that grows, closed chunks that wait to be sealed
 * or are kept for fast reading, and a small sorted buffer of late samples. Duplicates and
 * out-of-order samples are resolved here. Thread-safe; appended to by one thread only.
 */
public final class Head {
  private static final long DAY_MILLIS = 86_400_000L;

  /** Bytes; the unit of {@link #expected}. */
  private static final int SIZE_STEP = 16;

  /** What became of an appended sample. */
  enum Outcome {
    STORED,
    DUPLICATE,
    CONFLICT,
    TOO_OLD,
    /** The head was removed; its series has to be looked up anew. */
    GONE
  }

  private static final class Closed {
    private final Chunk chunk;
    private boolean sealed;

    Closed(Chunk chunk, boolean sealed) {
      this.chunk = chunk;
      this.sealed = sealed;
    }
  }

  private final Series series;
  private final ServiceClock service;
  private final boolean own;
  private @Nullable ChunkWriter open;
  private @Nullable LateSamples late;
  private final List<Closed> closed = new ArrayList<>(0);
  private long minTs = Long.MAX_VALUE;

  /** Day since 1970 of the newest sealed sample, or a later one; 0 if nothing was sealed. */
  private int lastDay;

  private long lastTs = Long.MIN_VALUE;
  private double lastValue;

  /** Everything from here on is in memory; before it, archived chunks may have more. */
  private long completeFrom;

  /** Whether the writer has this head on its list for the next cut; the writer's own. */
  boolean dirty;

  /** What the next chunk will take, as the last one did and a little more; an unsigned number. */
  private byte expected;

  /** Taken out of the index: nothing is in memory, and of the archive nothing is asked any more. */
  private volatile boolean gone;

  /** Whether it had no sample at all when it was looked at last. */
  private boolean unheard;

  /**
   * @param completeFrom time before which the archive may have chunks of the series; {@code
   *     Long.MIN_VALUE} for a new series
   */
  Head(Series series, ServiceClock service, long completeFrom) {
    this.series = series;
    this.service = service;
    this.own = SignsOfLife.isOne(series.labels());
    this.completeFrom = completeFrom;
    if (completeFrom != Long.MIN_VALUE) {
      minTs = Long.MIN_VALUE;
    }
  }

  /** The series. */
  public Series series() {
    return series;
  }

  ServiceClock service() {
    return service;
  }

  /** Whether its samples say that the service lives. */
  boolean isOwn() {
    return own;
  }

  /** Whether it was removed: whoever holds it has to look up its series anew. */
  boolean isGone() {
    return gone;
  }

  /** Takes one sample; late ones if they are not more than {@code window} behind the newest. */
  synchronized Outcome append(long ts, double value, long window) {
    if (gone) {
      return Outcome.GONE;
    }
    if (ts > lastTs) {
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
      lastTs = ts;
      lastValue = value;
      minTs = Math.min(minTs, ts);
      return Outcome.STORED;
    }
    if (ts == lastTs) {
      return same(value, lastValue) ? Outcome.DUPLICATE : Outcome.CONFLICT;
    }
    return appendLate(ts, value, window);
  }

  private void close(ChunkWriter writer) {
    expected = (byte) Math.min(0xff, writer.size() / SIZE_STEP + 2);
    closed.add(new Closed(writer.close(), false));
    open = null;
  }

  private Outcome appendLate(long ts, double value, long window) {
    var there = new SampleCollector();
    collect(ts, ts, there);
    if (there.size() > 0) {
      var stored = there.samples().value(0);
      return same(value, stored) ? Outcome.DUPLICATE : Outcome.CONFLICT;
    }
    if (ts < lastTs - window) {
      return Outcome.TOO_OLD;
    }
    if (late == null) {
      late = new LateSamples();
    }
    late.add(ts, value);
    minTs = Math.min(minTs, ts);
    if (late.isFull()) {
      closeLate(late);
    }
    return Outcome.STORED;
  }

  private void closeLate(LateSamples samples) {
    samples.chunks(chunk -> closed.add(new Closed(chunk, false)));
    late = null;
  }

  /** Bit by bit. */
  static boolean same(double a, double b) {
    return Double.doubleToRawLongBits(a) == Double.doubleToRawLongBits(b);
  }

  /**
   * The end of a series.
   *
   * @param timestamp {@code Long.MIN_VALUE} if nothing is known of it
   * @param value of no meaning then (0)
   */
  public record Newest(long timestamp, double value) {}

  /** The newest sample that is known. */
  public synchronized Newest newest() {
    return new Newest(lastTs, lastValue);
  }

  /** Whether its newest sample is a value, as far as is known, or there is none yet. */
  synchronized boolean mayBeRunning() {
    return lastTs == Long.MIN_VALUE ? !isArchived() : !Samples.isStale(lastValue);
  }

  /** Whether there may be samples between two times, here or in the archive. */
  synchronized boolean mayHave(long from, long to) {
    // After a start the newest known sample may be a late one; the archive has what comes after it.
    return minTs <= to
        && (lastTs >= from
            || (isArchived() && from < Math.min(completeFrom, (lastDay + 1) * DAY_MILLIS)));
  }

  private boolean isArchived() {
    return completeFrom != Long.MIN_VALUE;
  }

  /**
   * Adds what is in memory between two times, both included.
   *
   * @return the time before which the archive may have more
   */
  synchronized long read(long from, long to, SampleCollector target) {
    collect(from, to, target);
    return completeFrom;
  }

  private void collect(long from, long to, SampleCollector target) {
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

  /** Closes everything and hands out the chunks that are not sealed. */
  synchronized void cut(Consumer<Chunk> unsealed) {
    if (late != null) {
      closeLate(late);
    }
    if (open != null) {
      close(open);
    }
    for (var item : closed) {
      if (!item.sealed) {
        unsealed.accept(item.chunk);
      }
    }
  }

  /** Everything from here on is in memory; of what is before, the archive may have more. */
  synchronized long completeFrom() {
    return completeFrom;
  }

  /** Instead of a chunk that was cut out, this is what is to be sealed; null for nothing. */
  synchronized void replace(Chunk cut, @Nullable Chunk rest) {
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

  /** The chunk is in the archive now. */
  synchronized void sealed(Chunk chunk) {
    for (var item : closed) {
      // Equal only to the very bytes that cut() handed out.
      if (item.chunk.equals(chunk)) {
        item.sealed = true;
      }
    }
  }

  /** Notes the day since 1970 of the newest sample in the archive. */
  synchronized void sealedOn(int day) {
    lastDay = Math.max(lastDay, day);
  }

  /** The day since 1970 of the newest sample in the archive, or a later one; 0 if there is none. */
  synchronized int lastDay() {
    return lastDay;
  }

  /** The day since 1970 of the newest sample, or a later one; 0 or less if there is none. */
  synchronized int newestDay() {
    return lastTs == Long.MIN_VALUE
        ? lastDay
        : Math.max(lastDay, (int) Math.floorDiv(lastTs, DAY_MILLIS));
  }

  /**
   * Removes the head if all of the series is older than a day since 1970, and nothing of it is in
   * memory.
   */
  synchronized boolean retire(int oldestDay) {
    if (isOver(oldestDay)) {
      gone = true;
    }
    return gone;
  }

  /** Whether the archive alone has the series, and all of it is older than a day since 1970. */
  synchronized boolean isOver(int day) {
    return isKnown()
        && isEmpty()
        && lastDay < day
        && (lastTs == Long.MIN_VALUE || lastTs < day * DAY_MILLIS);
  }

  /** Removes the head if it never had a sample, now and when this was asked last. */
  synchronized boolean retireUnheard() {
    var still = unheard;
    unheard = lastTs == Long.MIN_VALUE && !isKnown() && isEmpty();
    if (still && unheard) {
      gone = true;
    }
    return gone;
  }

  private boolean isKnown() {
    return lastDay > 0 || isArchived();
  }

  private boolean isEmpty() {
    return open == null && late == null && closed.isEmpty();
  }

  /** From now on the archive is asked for all times: not all of it could be taken into memory. */
  synchronized void incomplete() {
    completeFrom = Long.MAX_VALUE;
  }

  /** Takes a chunk from the archive into memory, at the start. */
  synchronized void restore(Chunk chunk) {
    closed.add(new Closed(chunk, true));
    if (chunk.maxTs() > lastTs) {
      var newest = new SampleCollector();
      chunk.read(chunk.maxTs(), chunk.maxTs(), newest);
      lastTs = chunk.maxTs();
      lastValue = newest.samples().value(0);
    }
  }

  /** Bytes that sealed chunks take in memory, about. */
  synchronized long sealedBytes() {
    var bytes = 0L;
    for (var item : closed) {
      bytes += item.sealed ? Chunk.OVERHEAD + item.chunk.data().length : 0;
    }
    return bytes;
  }

  /** Drops sealed chunks that end before a time; they are read from the archive from now on. */
  synchronized void evict(long before) {
    for (var items = closed.iterator(); items.hasNext(); ) {
      var item = items.next();
      if (item.sealed && item.chunk.maxTs() < before) {
        items.remove();
        completeFrom = Math.max(completeFrom, item.chunk.maxTs() + 1);
      }
    }
  }
}
