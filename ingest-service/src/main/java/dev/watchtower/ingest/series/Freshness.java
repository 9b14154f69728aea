package dev.watchtower.ingest.series;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When each service was last heard of: for discovery and for no-data rules. Thread-safe. */
public interface Freshness {

  /**
   * The newest sample of a service in an environment.
   *
   * @param lastSample event time of the newest sample, stale markers not counted
   * @param lastOwn the same of those that it sent itself ({@link SignsOfLife}); null if none is
   *     known
   */
  record LastSample(String service, String env, Instant lastSample, @Nullable Instant lastOwn) {
    /** A sample that it sent itself. */
    public LastSample(String service, String env, Instant lastOwn) {
      this(service, env, lastOwn, lastOwn);
    }
  }

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
