package dev.watchtower.ingest.golden;

import dev.watchtower.ingest.series.Freshness;
import java.time.Instant;

/**
 * When a service was last heard, which a restart must not forget. Milliseconds since the epoch.
 *
 * @param event time of its newest sample
 * @param arrived when its last sample came
 * @param sent when the last one came that it sent itself; 0 if none is known
 */
public record LastHeard(ServiceKey key, long event, long arrived, long sent) {
  /** By the times of its samples: when they came is not stored with them. */
  public static LastHeard of(Freshness.LastSample last) {
    long event = last.lastSample().toEpochMilli();
    Instant own = last.lastOwn();
    return new LastHeard(
        new ServiceKey(last.service(), last.env()),
        event,
        event,
        own == null ? 0 : own.toEpochMilli());
  }
}
