package dev.watchtower.ingest.detection.slo;

import java.util.List;
import java.util.Map;

/** The counts of SLOs that outlive a restart and the retention of the samples. Thread-safe. */
public interface SavedCounts {
  /**
   * The saved hours of an SLO by their number since the epoch. Those counted in another way stay
   * until they are old: the SLO may be changed back.
   *
   * @param counting what is counted, and how finely
   * @param buckets how many there are in an hour
   * @param first number of the first hour
   * @param last of the last; where the clock was ahead some may be later
   */
  Map<Long, List<Counts>> load(String slo, String counting, int buckets, long first, long last);

  /** Saves hours, in the place of what was saved of them. */
  void save(String slo, String counting, Map<Long, List<Counts>> hours);

  /**
   * Deletes what is older than any SLO looks back, also of SLOs that are gone.
   *
   * @param hour number of the first that is kept
   * @return how many hours that were
   */
  int deleteBefore(long hour);
}
