package dev.watchtower.ingest.detection;

import dev.watchtower.common.problem.Texts;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.ingest.series.Labels;

/**
 * A signal that detection decided on, with what is needed to go on after a restart.
 *
 * @param labels the labels of the series it is about; empty for a service as a whole
 */
public record Detected(Signal signal, Labels labels) {
  /**
   * The signal as incident-service takes it. Telemetry may call a service anything; a name that
   * would be refused there must not keep an incident from opening.
   */
  public Signal message() {
    return new Signal(
        signal.id(),
        signal.fingerprint(),
        signal.kind(),
        signal.status(),
        signal.rule(),
        Texts.madePlain(signal.service()),
        Texts.madePlain(signal.env()),
        signal.severity(),
        signal.summary(),
        signal.at(),
        signal.evidence(),
        signal.deliverBy());
  }
}
