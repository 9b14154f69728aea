package dev.watchtower.ingest.detection;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.Labels;
import org.jspecify.annotations.Nullable;

/**
 * What a rule sees at one instant, found by a part of detection with a memory of its own.
 *
 * @param labels tell the subjects of one rule and service apart
 * @param summary the sentence of the signal, if one follows
 * @param at event time, milliseconds since the epoch
 */
public record Finding(
    ServiceKey key,
    Labels labels,
    Observation observation,
    Severity severity,
    String summary,
    @Nullable SignalEvidence evidence,
    long at) {}
