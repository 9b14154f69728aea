package dev.watchtower.monitor;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.Severity;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Incidents as incident-service would publish them. */
public final class Incidents {
  private static final Instant OPENED = Instant.parse("2026-03-02T10:00:00Z");

  private Incidents() {}

  /** One that opened in March; resolved it was mitigated a minute later. */
  public static IncidentView about(
      String service, UUID id, long number, IncidentState state, long version) {
    boolean over = state == IncidentState.RESOLVED;
    return new IncidentView(
        id,
        number,
        "inside title",
        state,
        Severity.SEV2,
        service,
        "prod",
        version,
        OPENED,
        null,
        over ? OPENED.plusSeconds(60) : null,
        over ? OPENED.plusSeconds(90) : null,
        null,
        List.of(),
        List.of(),
        null);
  }
}
