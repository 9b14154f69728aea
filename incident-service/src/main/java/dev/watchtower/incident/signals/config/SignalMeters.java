package dev.watchtower.incident.signals.config;

import dev.watchtower.incident.signals.SignalQueue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What becomes of signals as metrics: {@code watchtower_incident_signals_together} (how many were
 * stored in one transaction) and {@code watchtower_incident_signals_refused_total}. Its sum and the
 * refused ones are all that were sent and could be read.
 */
final class SignalMeters implements SignalQueue.Watch {
  private final DistributionSummary together;
  private final Counter refused;

  SignalMeters(MeterRegistry meters) {
    together = meters.summary("watchtower.incident.signals.together");
    refused = meters.counter("watchtower.incident.signals.refused");
  }

  @Override
  public void together(int items) {
    together.record(items);
  }

  @Override
  public void refused(int items) {
    refused.increment(items);
  }
}
