package dev.watchtower.monitor.probe;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A target's health as the dashboard and {@code /topic/health} give it.
 *
 * @param kind {@code watchtower} or {@code target}
 */
public record HealthView(
    String name,
    String kind,
    String service,
    String env,
    HealthState state,
    Instant since,
    @Nullable Instant lastCheck,
    @Nullable Long latencyMillis,
    @Nullable String detail) {
  static HealthView of(Target target, Observed observed) {
    return new HealthView(
        target.name(),
        target.kind().name().toLowerCase(Locale.ROOT),
        target.service(),
        target.env(),
        observed.state(),
        observed.since(),
        observed.lastCheck(),
        observed.latencyMillis(),
        observed.detail().isEmpty() ? null : observed.detail());
  }
}
