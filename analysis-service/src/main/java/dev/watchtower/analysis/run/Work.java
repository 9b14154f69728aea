package dev.watchtower.analysis.run;

import dev.watchtower.common.wire.AnalysisRequest;
import java.time.Instant;
import java.util.UUID;

/**
 * An analysis to be made.
 *
 * @param followUp whether it is the second look at an incident whose first gave little
 * @param attempt how often it was begun, this time included
 * @param createdAt when it was asked for
 */
public record Work(
    UUID id, AnalysisRequest request, boolean followUp, int attempt, Instant createdAt) {}
