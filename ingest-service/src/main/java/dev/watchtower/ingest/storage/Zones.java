package dev.watchtower.ingest.storage;

import java.util.Map;

/**
 * From when on which tier is read: the finest of which nothing was dropped.
 *
 * @param minuteFrom before this only hours are left
 * @param rawFrom before this only minutes are left; not before {@code minuteFrom}
 */
record Zones(long minuteFrom, long rawFrom) {
  /** Everything is there as it came. */
  static final Zones ALL_RAW = new Zones(Long.MIN_VALUE, Long.MIN_VALUE);

  /** The later of both, for each tier. */
  Zones later(Zones other) {
    return new Zones(Math.max(minuteFrom, other.minuteFrom), Math.max(rawFrom, other.rawFrom));
  }

  /** The zones where each tier was dropped up to a time. */
  static Zones of(Map<Tier, Long> droppedThrough) {
    var minuteFrom = droppedThrough.getOrDefault(Tier.MINUTE, Long.MIN_VALUE);
    var rawFrom = droppedThrough.getOrDefault(Tier.RAW, Long.MIN_VALUE);
    return new Zones(minuteFrom, Math.max(minuteFrom, rawFrom));
  }
}
