package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Freshness.LastSample;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Newest sample of one service in one environment. Written by the one thread that appends, read by
 * any.
 */
final class ServiceClock {
  private final String service;
  private final String env;
  private volatile long lastTs = Long.MIN_VALUE;
  private volatile long ownTs = Long.MIN_VALUE;

  ServiceClock(String service, String env) {
    this.service = service;
    this.env = env;
  }

  /** Its newest sample, if it has any. */
  Optional<LastSample> lastSample() {
    var newest = lastTs;
    return newest == Long.MIN_VALUE
        ? Optional.empty()
        : Optional.of(new LastSample(service, env, Instant.ofEpochMilli(newest), lastOwn()));
  }

  private @Nullable Instant lastOwn() {
    var newest = ownTs;
    return newest == Long.MIN_VALUE ? null : Instant.ofEpochMilli(newest);
  }

  /**
   * There is a sample.
   *
   * @param own whether it says that the service lives
   */
  void saw(long ts, boolean own) {
    if (ts > lastTs) {
      lastTs = ts;
    }
    if (own && ts > ownTs) {
      ownTs = ts;
    }
  }
}
