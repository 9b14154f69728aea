package dev.watchtower.analysis.run.web;

import dev.watchtower.common.wire.IncidentView;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request as it came; see {@link dev.watchtower.common.wire.AnalysisRequest}. */
record Asked(
    @Nullable UUID incidentId, @Nullable IncidentView incident, @Nullable Instant changedAt) {
  /** When the incident changed, {@code now} at the latest. */
  @Nullable Instant changedBy(Instant now) {
    return changedAt != null && changedAt.isAfter(now) ? now : changedAt;
  }
}
