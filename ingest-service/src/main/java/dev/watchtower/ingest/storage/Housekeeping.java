package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.concurrent.atomic.LongAdder;

/** Carries out the retention, says in the log what is dropped, and counts it. Thread-safe. */
public final class Housekeeping {
  private static final System.Logger LOG = System.getLogger(Housekeeping.class.getName());
  private static final long DAY_MILLIS = 86_400_000L;

  private final ChunkArchive archive;
  private final Retention retention;
  private final LongAdder[] dropped =
      new LongAdder[Tier.values().length * Retention.Reason.values().length];
  private final LongAdder seriesRemoved = new LongAdder();
  private volatile long bytes;

  Housekeeping(ChunkArchive archive, Retention retention) {
    this.archive = archive;
    this.retention = retention;
    Arrays.setAll(dropped, i -> new LongAdder());
  }

  private LongAdder counter(Tier tier, Retention.Reason reason) {
    return dropped[tier.ordinal() * Retention.Reason.values().length + reason.ordinal()];
  }

  /** Samples (or buckets) of a tier dropped for a reason since the start. */
  public long dropped(Tier tier, Retention.Reason reason) {
    return counter(tier, reason).sum();
  }

  /** Series removed since the start because nothing was left of them. */
  public long seriesRemoved() {
    return seriesRemoved.sum();
  }

  /** Bytes of chunks and roll-ups on disk when they were looked at last; 0 before. */
  public long bytes() {
    return bytes;
  }

  /** Drops what has to go; what is left decides what is read from where. */
  Zones run(HeadIndex index, SeriesTable table, long now) throws UnavailableException {
    for (var doomed : retention.decide(archive.partitions(), now)) {
      var partition = doomed.partition();
      var samples = archive.drop(partition);
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
    removeEmptySeries(
        index,
        table,
        left.stream()
            .mapToLong(ChunkArchive.Partition::fromMillis)
            .min()
            .orElse(now - retention.raw().toMillis()));
    return Zones.of(archive.droppedThrough());
  }

  private void removeEmptySeries(HeadIndex index, SeriesTable table, long oldest)
      throws UnavailableException {
    var oldestDay = (int) Math.floorDiv(oldest, DAY_MILLIS);
    var gone = new HashSet<Head>();
    index.forEach(head -> {
      if (head.retire(oldestDay)) {
        gone.add(head);
      }
    });
    if (gone.isEmpty()) {
      return;
    }
    index.remove(gone);
    table.forgetGone();
    archive.removeSeries(gone.stream().map(head -> head.series().id()).toList());
    seriesRemoved.add(gone.size());
    LOG.log(System.Logger.Level.INFO, "removed {0} series that had nothing left", gone.size());
  }
}
