package dev.watchtower.ingest.storage;

import java.time.Clock;

/** Tables of series without storage behind them, for decoders. */
public final class SeriesTables {
  private SeriesTables() {}

  /** An empty one with the default limits. */
  public static SeriesTable empty(Clock clock) {
    var settings = StorageSettings.defaults();
    return new SeriesTable(new HeadIndex(), settings, settings::limits, clock, () -> {});
  }
}
