package dev.watchtower.monitor.lastknown;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Planned work, as incident-service last told of it: what it touches and when, and nothing of who
 * plans it or why.
 *
 * @param services names, {@code *} for anything; empty for all
 * @param environments as {@code services}
 * @param active the stretch in force when it was heard
 * @param next the stretch to come when it was heard
 * @param past stretches of what recurs that were over when it was heard, of the last two weeks;
 *     null only in what an earlier version kept
 * @param startsAt from when on it is in force, or recurs
 * @param endsAt when it ends, or recurs no more; null if that is not said
 * @param endedAt when somebody ended it; null if nobody did
 */
public record MaintenanceWindow(
    UUID id,
    List<String> services,
    List<String> environments,
    boolean recurring,
    @Nullable Span active,
    @Nullable Span next,
    @Nullable List<Span> past,
    Instant startsAt,
    @Nullable Instant endsAt,
    @Nullable Instant endedAt,
    Instant createdAt) {

  /** A stretch of time. */
  public record Span(Instant from, Instant to) {}

  public MaintenanceWindow {
    services = List.copyOf(services);
    environments = List.copyOf(environments);
    past = past == null ? List.of() : List.copyOf(past);
  }
}
