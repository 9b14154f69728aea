package dev.watchtower.ingest.detection;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.Labels;
import org.jspecify.annotations.Nullable;

/**
 * A rule that is breached, as it stands now.
 *
 * @param rule its name
 * @param labels of the series; empty for a rule on a golden signal
 * @param firing whether it is told; else it is if it lasts
 * @param since when it lasts; event time, milliseconds since the epoch
 * @param value what it was decided on last; null if that is not a value
 */
public record OpenBreach(
    String rule,
    ServiceKey key,
    Labels labels,
    Severity severity,
    boolean firing,
    long since,
    @Nullable Double value) {}
