package dev.watchtower.ingest.detection;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.ingest.series.Labels;

/**
 * A signal that detection decided on, with what is needed to go on after a restart.
 *
 * @param labels the labels of the series it is about; empty for a service as a whole
 */
public record Detected(Signal signal, Labels labels) {}
