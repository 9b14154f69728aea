package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Freshness.LastSample;
import java.time.Instant;
import java.util.Optional;

/**
 * Newest sample of one service in one environment. Written by the one thread that appends, read by
 * any.
 */
final class ServiceClock {
  private final String service;
  private final String env;
  private volatile long lastTs = Long.MIN_VALUE;

  ServiceClock(String service, String env) {
    this.service = service;
    this.env = env;
  }

  /** Its newest sample, if it has any. */
  Optional<LastSample> lastSample() {
    var newest = lastTs;
    return newest == Long.MIN_VALUE
        ? Optional.empty()
        : Optional.of(new LastSample(service, env, Instant.ofEpochMilli(newest)));
  }

  void saw(long ts) {
    if (ts > lastTs) {
      lastTs = ts;
    }
  }
}
