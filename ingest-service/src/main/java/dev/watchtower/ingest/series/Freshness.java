package dev.watchtower.ingest.series;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When each service was last heard of: for discovery and for no-data rules. Thread-safe. */
public interface Freshness {

  /**
   * The newest sample of a service in an environment.
   *
   * @param lastSample event time of the newest sample, stale markers not counted
   */
  record LastSample(String service, String env, Instant lastSample) {}

  /**
   * Every service and environment that has samples, in ascending order of both names.
   *
   * @throws SeriesStore.StoreUnavailableException while storage is not open: what there was is not
   *     known yet, which is not the same as nothing
   */
  List<LastSample> all();

  /**
   * The same as it was when storage was opened: what came since then is not in it.
   *
   * @throws SeriesStore.StoreUnavailableException while storage is not open
   */
  List<LastSample> past();

  /** The newest sample of that service and environment, if there is any. */
  Optional<Instant> lastSample(String service, String env);
}
