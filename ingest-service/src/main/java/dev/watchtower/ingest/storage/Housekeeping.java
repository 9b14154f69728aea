package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.storage.RequestLog.LockedException;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** Carries out the retention, says in the log what is dropped, and counts it. Thread-safe. */
public final class Housekeeping {
  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());
  private static final long DAY_MILLIS = 86_400_000L;

  /** So many parts of all series there may be: one of them is kept free of series that ended. */
  private static final int ROOM = 10;

  private final ChunkArchive archive;
  private final StorageSettings settings;
  private final RetentionClock time;
  private final LongAdder[] dropped =
      new LongAdder[Tier.values().length * Retention.Reason.values().length];

  /** Series that are gone, by why they are removed, until they are. */
  private final Map<Removal, Set<Head>> leaving = new EnumMap<>(Removal.class);

  private final LongAdder[] seriesRemoved = new LongAdder[Removal.values().length];
  private volatile long bytes;
  private volatile Zones zones = Zones.ALL_RAW;

  /** Why a series is removed. */
  public enum Removal {
    /** Nothing is left of it. */
    EMPTY("empty"),
    /** It never had a sample that was stored. */
    UNHEARD("unheard"),
    /** It ended, and there are nearly as many series as there may be. */
    LIMIT("limit");

    private final String text;

    Removal(String text) {
      this.text = text;
    }

    /** For metrics. */
    public String text() {
      return text;
    }
  }

  /** A series that ended, and the day since 1970 when it did. */
  private record Ended(Head head, int day) {}

  Housekeeping(ChunkArchive archive, StorageSettings settings, RetentionClock time) {
    this.archive = archive;
    this.settings = settings;
    this.time = time;
    Arrays.setAll(dropped, i -> new LongAdder());
    Arrays.setAll(seriesRemoved, i -> new LongAdder());
    for (var reason : Removal.values()) {
      leaving.put(reason, new HashSet<>());
    }
  }

  private LongAdder counter(Tier tier, Retention.Reason reason) {
    return dropped[tier.ordinal() * Retention.Reason.values().length + reason.ordinal()];
  }

  /** Samples (or buckets) of a tier dropped for a reason since the start. */
  public long dropped(Tier tier, Retention.Reason reason) {
    return counter(tier, reason).sum();
  }

  /** Series removed for a reason since the start. */
  public long seriesRemoved(Removal reason) {
    return seriesRemoved[reason.ordinal()].sum();
  }

  /** Bytes of chunks and roll-ups on disk when they were looked at last; 0 before. */
  public long bytes() {
    return bytes;
  }

  /**
   * The time before which samples are not taken: retention, or what was dropped for its size. There
   * are only roll-ups of that, in which a sample that comes again would count twice. What is not a
   * day old is taken: the clock may have been ahead when it was dropped.
   *
   * @param now milliseconds since the epoch
   */
  long oldest(long now) {
    var retained = now - settings.retention().raw().toMillis();
    return Math.max(retained, Math.min(zones.rawFrom(), now - DAY_MILLIS));
  }

  /** From when on which tier is read. */
  Zones zones() {
    return zones;
  }

  /** What the archive says at the start. */
  void zones(Zones found) {
    zones = found;
  }

  /**
   * Drops what has to go; what is left decides what is read from where. Ages count from what time
   * it is by {@link RetentionClock}.
   *
   * @param most series that there may be
   * @return whether all that has to go is gone
   */
  boolean run(HeadIndex index, SeriesTable table, int most, long clock)
      throws UnavailableException {
    var now = now(index, clock);
    archive.retentionTime(now);
    var retention = settings.retention();
    var all = true;
    var read = EnumSet.noneOf(Tier.class);
    var going = retention.decide(archive.partitions(), now, settings.settled());
    // Before anything goes: queries would find neither samples nor minutes meanwhile.
    zones = zones.later(after(going));
    for (var doomed : going) {
      var partition = doomed.partition();
      if (read.contains(partition.tier())) {
        continue;
      }
      long samples;
      try {
        samples = archive.drop(partition);
      } catch (UnavailableException e) {
        // One that cannot be dropped does not keep the others. Who reads one reads its tier, and
        // others wait behind each attempt: one is enough.
        all = false;
        if (e instanceof LockedException) {
          read.add(partition.tier());
        }
        LOG.log(
            System.Logger.Level.WARNING,
            "{0} to {1} is not dropped now, it is tried again: {2}",
            Instant.ofEpochMilli(partition.fromMillis()),
            Instant.ofEpochMilli(partition.toMillis()),
            e.getMessage());
        continue;
      }
      counter(partition.tier(), doomed.reason()).add(samples);
      LOG.log(
          doomed.reason() == Retention.Reason.SIZE
              ? System.Logger.Level.WARNING
              : System.Logger.Level.INFO,
          "dropped {0} {1} of {2} to {3} ({4} bytes) for {5}",
          samples,
          partition.tier() == Tier.RAW ? "samples" : partition.tier().text() + " buckets",
          Instant.ofEpochMilli(partition.fromMillis()),
          Instant.ofEpochMilli(partition.toMillis()),
          partition.bytes(),
          doomed.reason().text());
    }
    var left = archive.partitions();
    bytes = left.stream().mapToLong(ChunkArchive.Partition::bytes).sum();
    // Sealing does it too, but where nothing comes any more, nothing is sealed.
    Eviction.run(index, settings, now);
    removeLeaving(index, table);
    removeEmptySeries(
        index,
        table,
        left.stream()
            .mapToLong(ChunkArchive.Partition::fromMillis)
            .min()
            .orElse(now - retention.raw().toMillis()));
    removeEnded(index, table, most, now);
    zones = Zones.of(archive.droppedThrough());
    return all;
  }

  private static Zones after(List<Retention.Doomed> going) {
    var through = new EnumMap<Tier, Long>(Tier.class);
    going.forEach(doomed ->
        through.merge(doomed.partition().tier(), doomed.partition().toMillis(), Math::max));
    return Zones.of(through);
  }

  /** What is there before anything new comes. */
  void begin(HeadIndex index) throws UnavailableException {
    leaving.values().forEach(Set::clear);
    var lastRun = archive.retentionTime();
    var newest = endOfNewestDay(index);
    // The newest samples may be of a clock that is ahead, since that run.
    time.begin(lastRun == 0 ? newest : Math.min(lastRun, newest));
  }

  /** What time it is for what is kept for so long, milliseconds since the epoch. */
  long now(HeadIndex index, long clock) {
    return time.now(clock, endOfNewestDay(index));
  }

  private static long endOfNewestDay(HeadIndex index) {
    var newest = new AtomicInteger();
    index.forEach(head -> newest.accumulateAndGet(head.newestDay(), Math::max));
    return newest.get() <= 0 ? RetentionClock.NO_SAMPLE : (newest.get() + 1L) * DAY_MILLIS;
  }

  /**
   * Removes series of which nothing has come since the day before yesterday, the oldest first,
   * until nine tenths of what there may be are left. What the archive has of them cannot be asked
   * for any more.
   *
   * @param most series that there may be
   */
  void makeRoom(HeadIndex index, SeriesTable table, int most, long clock)
      throws UnavailableException {
    removeLeaving(index, table);
    if (excess(index, most) > 0) {
      var now = time.nowWithoutSamples(clock);
      Eviction.run(index, settings, now);
      removeEnded(index, table, most, now);
    }
  }

  private static int excess(HeadIndex index, int most) {
    return index.size() - (most - most / ROOM);
  }

  private void removeEnded(HeadIndex index, SeriesTable table, int most, long now)
      throws UnavailableException {
    var excess = excess(index, most);
    if (excess <= 0) {
      return;
    }
    // A whole day without a sample: what comes hourly has not ended at midnight.
    var today = (int) Math.floorDiv(now - DAY_MILLIS, DAY_MILLIS);
    var ended = new ArrayList<Ended>();
    index.forEach(head -> {
      if (head.isOver(today)) {
        ended.add(new Ended(head, head.lastDay()));
      }
    });
    ended.sort(Comparator.comparingInt(Ended::day));
    var gone = leaving(Removal.LIMIT);
    for (var one : ended) {
      // One that was written to meanwhile has not ended.
      if (gone.size() < excess && one.head().retire(one.day() + 1)) {
        gone.add(one.head());
      }
    }
    var removed = remove(index, table, Removal.LIMIT);
    if (removed > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "removed {0} series that ended, with samples that could be asked for still: {1} are left"
              + " of {2} that there may be (watchtower.ingest.limits.series, and the heap)",
          removed,
          index.size(),
          most);
    }
  }

  private void removeEmptySeries(HeadIndex index, SeriesTable table, long oldest)
      throws UnavailableException {
    var oldestDay = (int) Math.floorDiv(oldest, DAY_MILLIS);
    var empty = leaving(Removal.EMPTY);
    var unheard = leaving(Removal.UNHEARD);
    index.forEach(head -> {
      if (head.retire(oldestDay)) {
        empty.add(head);
      } else if (head.retireUnheard()) {
        unheard.add(head);
      }
    });
    var emptyOnes = remove(index, table, Removal.EMPTY);
    if (emptyOnes > 0) {
      LOG.log(System.Logger.Level.INFO, "removed {0} series that had nothing left", emptyOnes);
    }
    var unheardOnes = remove(index, table, Removal.UNHEARD);
    if (unheardOnes > 0) {
      LOG.log(System.Logger.Level.INFO, "removed {0} series without a sample", unheardOnes);
    }
  }

  private Set<Head> leaving(Removal reason) {
    return Objects.requireNonNull(leaving.get(reason));
  }

  /** Those that could not be removed because PostgreSQL was away. */
  private void removeLeaving(HeadIndex index, SeriesTable table) throws UnavailableException {
    for (var reason : Removal.values()) {
      var unused = remove(index, table, reason);
    }
  }

  /** From the archive first: a row that stayed would be a second one when its labels come again. */
  private int remove(HeadIndex index, SeriesTable table, Removal reason)
      throws UnavailableException {
    var gone = leaving(reason);
    var count = gone.size();
    if (count > 0) {
      archive.removeSeries(gone.stream().map(head -> head.series().id()).toList());
      index.remove(gone);
      table.forgetGone();
      seriesRemoved[reason.ordinal()].add(count);
      gone.clear();
    }
    return count;
  }
}
