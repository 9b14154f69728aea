package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.storage.ChunkArchive.Partition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is kept how long, and in how much room.
 *
 * @param raw how long samples are kept
 * @param minute how long the buckets of a minute are; at least as long as the samples
 * @param hour how long the buckets of an hour are; at least as long as those of a minute
 * @param maxBytes most bytes on disk of all together; 0 for no limit
 */
public record Retention(Duration raw, Duration minute, Duration hour, long maxBytes) {
  public Retention {
    if (minute.compareTo(raw) < 0 || hour.compareTo(minute) < 0) {
      throw new IllegalArgumentException("what is coarser is kept at least as long");
    }
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes is 0 or more");
    }
  }

  /** Why a part is dropped. */
  public enum Reason {
    /** It is older than is kept. */
    AGE("age"),
    /** There is no more room. */
    SIZE("size");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    /** For metrics and logs. */
    public String text() {
      return text;
    }
  }

  /** A part that has to go. */
  public record Doomed(Partition partition, Reason reason) {}

  /** How long a tier is kept. */
  public Duration of(Tier tier) {
    return switch (tier) {
      case RAW -> raw;
      case MINUTE -> minute;
      case HOUR -> hour;
    };
  }

  /**
   * What has to be dropped: what is too old, and then, while there is too much, the oldest samples,
   * then the oldest minutes, then the oldest hours. What may still be written to, or has not been
   * sealed yet, always stays.
   *
   * @param settled parts that ended less than this ago stay whatever they take: some of their
   *     samples may be in memory only, where nothing that was dropped is looked for
   */
  public List<Doomed> decide(List<Partition> partitions, long now, Duration settled) {
    var doomed = new ArrayList<Doomed>();
    var kept = new ArrayList<Partition>();
    var bytes = 0L;
    for (var partition : partitions) {
      if (partition.toMillis() <= now - of(partition.tier()).toMillis()) {
        doomed.add(new Doomed(partition, Reason.AGE));
      } else {
        kept.add(partition);
        bytes += partition.bytes();
      }
    }
    if (maxBytes == 0) {
      return doomed;
    }
    kept.sort(Comparator.comparing(Partition::tier).thenComparingLong(Partition::fromMillis));
    for (var partition : kept) {
      if (bytes <= maxBytes) {
        break;
      }
      if (partition.toMillis() <= now - settled.toMillis()) {
        doomed.add(new Doomed(partition, Reason.SIZE));
      }
      if (partition.toMillis() <= now) {
        // One that goes in a few hours counts as gone: nothing coarser goes in its place.
        bytes -= partition.bytes();
      }
    }
    return doomed;
  }
}
