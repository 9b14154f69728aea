package dev.watchtower.ingest.detection.slo;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.ingest.detection.RuleBook;
import java.util.List;
import java.util.Set;

/** What detection tells the part that counts SLOs. Returns at once; any threads. */
public interface SloWatch {
  /** The catalog and its rules from now on. */
  void follow(Catalog catalog, RuleBook rules);

  /** Whether an SLO reads the metric. */
  boolean reads(String metric);

  /**
   * New samples of these metrics are stored.
   *
   * @param oldest time of the oldest of them, milliseconds since the epoch
   * @param newest time of the newest of them
   */
  void heard(Set<String> metrics, long oldest, long newest);

  /** The clock was put back: no sample is newer than now. */
  void clockPutBack(long now);

  /** Samples of unknown metrics are stored. */
  void missed();

  /** What cannot be counted, and why. */
  List<String> faults();
}
