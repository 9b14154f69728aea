package dev.watchtower.incident.config;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code watchtower.incident}.
 *
 * @param tick how often timers are looked at
 * @param changePoll how often ingest-service is asked for change events while incidents last
 * @param signalRetention how long signals are remembered, for idempotency and for the order of
 *     events
 */
@ConfigurationProperties(prefix = "watchtower.incident", ignoreUnknownFields = false)
public record IncidentServiceProperties(
    @DefaultValue("1s") Duration tick,
    @DefaultValue("5s") Duration changePoll,
    @DefaultValue("30d") Duration signalRetention) {
  public IncidentServiceProperties {
    if (tick.isNegative() || tick.isZero()) {
      throw new IllegalArgumentException(
          "watchtower.incident.tick must be longer than nothing, not " + tick);
    }
    if (changePoll.isNegative() || changePoll.isZero()) {
      throw new IllegalArgumentException(
          "watchtower.incident.change-poll must be longer than nothing, not " + changePoll);
    }
    if (signalRetention.compareTo(Duration.ofDays(1)) < 0) {
      throw new IllegalArgumentException(
          "watchtower.incident.signal-retention must be at least 1d, not " + signalRetention);
    }
  }
}
