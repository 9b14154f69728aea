package dev.watchtower.ingest.storage;

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

  String service() {
    return service;
  }

  String env() {
    return env;
  }

  long lastTs() {
    return lastTs;
  }

  void saw(long ts) {
    if (ts > lastTs) {
      lastTs = ts;
    }
  }
}
