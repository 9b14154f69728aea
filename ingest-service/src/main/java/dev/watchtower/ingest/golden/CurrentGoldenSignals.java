package dev.watchtower.ingest.golden;

/** The golden signals by the catalog in force; another after each reload. Any threads. */
public final class CurrentGoldenSignals {
  private volatile GoldenSignals current;

  /** Begins with those. */
  public CurrentGoldenSignals(GoldenSignals first) {
    current = first;
  }

  /** Those in force. */
  public GoldenSignals get() {
    return current;
  }

  /** Others from now on. */
  public void set(GoldenSignals next) {
    current = next;
  }
}
