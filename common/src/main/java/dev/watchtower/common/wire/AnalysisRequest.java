package dev.watchtower.common.wire;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Asks analysis-service for the likely cause of an incident.
 *
 * @param incidentId the incident; asking again for the same one while an analysis runs gives the
 *     running one
 * @param incident the incident as it stands, so that the analysis need not ask back; absent: it
 *     asks
 * @param changedAt when the incident changed so that its cause is asked for; absent: a person asks
 */
public record AnalysisRequest(
    UUID incidentId, @Nullable IncidentView incident, @Nullable Instant changedAt) {
  /** Asked for by no change of the incident. */
  public AnalysisRequest(UUID incidentId, @Nullable IncidentView incident) {
    this(incidentId, incident, null);
  }
}
