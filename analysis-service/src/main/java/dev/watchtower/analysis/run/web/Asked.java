package dev.watchtower.analysis.run.web;

import dev.watchtower.common.wire.IncidentView;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A request as it came; see {@link dev.watchtower.common.wire.AnalysisRequest}. */
record Asked(@Nullable UUID incidentId, @Nullable IncidentView incident) {}
