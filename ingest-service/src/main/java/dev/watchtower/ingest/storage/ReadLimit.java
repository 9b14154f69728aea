package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.SeriesStore.LimitExceededException;

/** What one reading may still take into memory, in samples. For one thread. */
final class ReadLimit {
  private final long most;
  private long left;

  ReadLimit(long most) {
    this.most = most;
    this.left = most;
  }

  /**
   * Counts what was read.
   *
   * @throws LimitExceededException if it is more than there may be
   */
  void take(long samples) {
    if (samples > left) {
      throw new LimitExceededException(
          "more than " + most + " samples; ask for less time or fewer series");
    }
    left -= samples;
  }
}
