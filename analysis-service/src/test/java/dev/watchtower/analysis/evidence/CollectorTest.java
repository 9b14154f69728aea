package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects evidence from sources by hand. */
abstract class CollectorTest {
  static final Duration LIMIT = Duration.ofSeconds(5);

  final HandMadeSources sources = new HandMadeSources();

  Facts collect(String service, Duration limit) {
    return collect(
        Samples.incident(
            service,
            Samples.OPENED,
            Samples.firing(service, SignalKind.THRESHOLD, "Too many requests fail")),
        Samples.OPENED.plusSeconds(1),
        limit);
  }

  Facts collect(IncidentView incident) {
    return collect(incident, Samples.OPENED.plusSeconds(1), LIMIT);
  }

  Facts collect(IncidentView incident, Instant now, Duration limit) {
    return collect(incident, null, now, limit);
  }

  Facts collect(IncidentView incident, @Nullable Instant changedAt, Instant now, Duration limit) {
    return new EvidenceCollector(sources, sources)
        .collect(incident, changedAt, Samples.catalog(Duration.ofSeconds(20)), now, limit);
  }

  static IncidentSignal broken(String service, Instant firedAt) {
    return broken("high-error-rate", service, firedAt);
  }

  static IncidentSignal broken(String rule, String service, Instant firedAt) {
    return new IncidentSignal(
        "fp",
        SignalKind.THRESHOLD,
        SignalStatus.FIRING,
        rule,
        service,
        Severity.SEV2,
        "Too many requests fail",
        firedAt,
        null,
        new SignalEvidence("error_rate", 0.4, 0.05, null, null, Map.of()));
  }
}
