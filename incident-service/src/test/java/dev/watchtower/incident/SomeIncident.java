package dev.watchtower.incident;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** An incident of which only the signals matter. */
public final class SomeIncident {
  /** When it was opened. */
  public static final Instant OPENED = Instant.parse("2026-03-02T10:00:00Z");

  private SomeIncident() {}

  /** With these signals. */
  public static IncidentView of(List<IncidentSignal> signals) {
    return new IncidentView(
        UUID.fromString("00000000-0000-0000-0000-000000000001"),
        1,
        "checkout fails",
        IncidentState.INVESTIGATING,
        Severity.SEV2,
        "checkout",
        "prod",
        1,
        OPENED,
        null,
        null,
        null,
        null,
        List.of(),
        signals,
        null);
  }
}
