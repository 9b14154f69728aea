package dev.watchtower.ingest.detection.config;

import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.ExpressionRules;
import dev.watchtower.ingest.detection.SignalRules;
import dev.watchtower.ingest.golden.ServiceRegistry;
import io.micrometer.core.instrument.MeterRegistry;

/** What can be seen of detection from outside, beside what it counts itself. */
final class LoopGauges {
  private LoopGauges() {}

  static void register(
      MeterRegistry meters,
      Turns turns,
      ServiceRegistry registry,
      Detector detector,
      ExpressionRules expressions,
      SignalRules signalRules) {
    meters.gauge("watchtower.ingest.detection.queued", turns, Turns::waiting);
    meters.gauge("watchtower.ingest.services.known", registry, r -> r.all().size());
    meters.gauge(
        "watchtower.ingest.rules.series.overlooked",
        detector,
        d -> d.overlooked().values().stream().mapToInt(n -> n).sum());
    meters.gauge(
        "watchtower.ingest.rules.late", expressions, e -> e.leftOut() + signalRules.leftOut());
    meters.gauge("watchtower.ingest.samples.overlooked", registry, ServiceRegistry::overlooked);
  }
}
