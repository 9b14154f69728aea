package dev.watchtower.common.wire;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An incident as every reader sees it.
 *
 * @param id its identity
 * @param number a short number for people, rising
 * @param version rises by one with every change; sent back with a transition for the optimistic
 *     lock
 * @param allowedEvents the events that a person may send now
 * @param signals the signals gathered so far, the newest state of each fingerprint
 * @param recurrenceOf the earlier incident that this one repeats
 */
public record IncidentView(
    UUID id,
    long number,
    String title,
    IncidentState state,
    Severity severity,
    String service,
    String env,
    long version,
    Instant openedAt,
    @Nullable Instant acknowledgedAt,
    @Nullable Instant mitigatedAt,
    @Nullable Instant resolvedAt,
    @Nullable String assignee,
    List<IncidentEvent> allowedEvents,
    List<IncidentSignal> signals,
    @Nullable UUID recurrenceOf) {

  /**
   * A signal within an incident.
   *
   * @param firedAt when it fired last
   * @param clearedAt when it cleared, absent while it fires
   */
  public record IncidentSignal(
      String fingerprint,
      SignalKind kind,
      SignalStatus status,
      String rule,
      String service,
      Severity severity,
      String summary,
      Instant firedAt,
      @Nullable Instant clearedAt,
      @Nullable SignalEvidence evidence) {}
}
