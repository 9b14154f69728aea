package dev.watchtower.ingest.storage;

import java.time.Duration;

/** How finely samples are kept: as they came, or as one bucket for each minute or hour. */
public enum Tier {
  /** Every sample. */
  RAW(Duration.ofMillis(1), Duration.ofHours(2), 1),
  /** A bucket a minute. */
  MINUTE(Duration.ofMinutes(1), Duration.ofDays(1), 1),
  /** A bucket an hour. */
  HOUR(Duration.ofHours(1), Duration.ofDays(32), 32);

  private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

  private final long resolution;
  private final long group;
  private final int days;

  Tier(Duration resolution, Duration group, int days) {
    this.resolution = resolution.toMillis();
    this.group = group.toMillis();
    this.days = days;
  }

  /** Milliseconds of a bucket. */
  public long resolutionMillis() {
    return resolution;
  }

  /**
   * Chunks that share a row end within the same span of so many milliseconds, counted from 1970.
   */
  public long groupMillis() {
    return group;
  }

  /** Most milliseconds from the first to the last sample of a row. */
  public long rowMillis() {
    return this == RAW ? group + Chunk.MAX_SPAN_MILLIS : 2 * group;
  }

  /** Milliseconds of a partition. */
  public long partitionMillis() {
    return days * DAY_MILLIS;
  }

  /** The name for people and metrics. */
  public String text() {
    return switch (this) {
      case RAW -> "raw";
      case MINUTE -> "minute";
      case HOUR -> "hour";
    };
  }
}
