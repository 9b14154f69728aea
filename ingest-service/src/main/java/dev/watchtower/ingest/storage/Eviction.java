package dev.watchtower.ingest.storage;

/** Decides which sealed chunks are not kept in memory any more, and drops them. */
final class Eviction {
  private Eviction() {}

  /**
   * Drops what ended before the window in memory; younger chunks too where there are too many. Of
   * series that ended nothing is left then, and they may be removed.
   *
   * @param now milliseconds since the epoch
   */
  static void run(HeadIndex index, StorageSettings settings, long now) {
    var window = settings.memoryWindow().toMillis();
    for (var attempt = 0; attempt < 5; attempt++) {
      var before = now - window;
      var kept = new long[1];
      index.forEach(head -> {
        head.evict(before);
        kept[0] += head.sealedBytes();
      });
      if (kept[0] <= settings.memoryBytes()) {
        return;
      }
      window = attempt < 3 ? window / 4 : 0;
    }
  }
}
