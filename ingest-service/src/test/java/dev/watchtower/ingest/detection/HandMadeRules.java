package dev.watchtower.ingest.detection;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules and signals made by hand for the tests of the detector. */
final class HandMadeRules {
  static final ServiceKey CHECKOUT = new ServiceKey("checkout", "prod");

  static Catalog.Rule rule(
      String name,
      SignalKind kind,
      @Nullable String signal,
      @Nullable String expression,
      int holdFor,
      int keepFiring,
      double minTraffic) {
    return new Catalog.Rule(
        name,
        kind,
        signal,
        expression,
        signal == null ? null : ">",
        signal == null ? null : 0.05,
        Duration.ofSeconds(holdFor),
        Duration.ofSeconds(keepFiring),
        Duration.ofSeconds(30),
        Severity.SEV2,
        List.of("*"),
        List.of("*"),
        minTraffic,
        "Too much of it",
        null);
  }

  static final Catalog.Rule ERRORS =
      rule("errors", SignalKind.THRESHOLD, "error_rate", null, 3, 10, 0.5);

  static SignalSnapshot snapshot(long second, @Nullable Double errorRate, double traffic) {
    Map<String, @Nullable Double> values = new HashMap<>();
    values.put("error_rate", errorRate);
    values.put("traffic", traffic);
    return new SignalSnapshot(
        CHECKOUT, second * 1000, 10_000, values, Map.of("error_rate", "the query"));
  }

  static List<String> told(List<Detected> detected) {
    return detected.stream()
        .map(d -> d.signal().status() + " " + d.signal().at().getEpochSecond())
        .toList();
  }

  private HandMadeRules() {}
}
