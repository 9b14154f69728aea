package dev.watchtower.ingest.detection;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.ingest.series.Labels;

/**
 * A signal that detection decided on, with what is needed to go on after a restart.
 *
 * @param labels the labels of the series it is about; empty for a service as a whole
 */
public record Detected(Signal signal, Labels labels) {
  /**
   * The signal as incident-service takes it. Telemetry may call a service anything and have any
   * labels; what would be refused there must not keep an incident from opening.
   */
  public Signal message() {
    return SignalBounds.fitted(signal);
  }
}
