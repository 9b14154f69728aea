package dev.watchtower.chaos.run;

import dev.watchtower.common.catalog.Catalog.Experiment;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

final class RunFixture {
  static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

  private RunFixture() {}

  static Experiment checkoutErrors() {
    return experiment("errors", Map.of("ratio", 0.7));
  }

  private static Experiment experiment(String kind, Map<String, Object> parameters) {
    return new Experiment(
        "checkout-errors",
        "Checkout fails",
        "It is seen",
        kind,
        "checkout",
        "prod",
        "http://127.0.0.1:9",
        parameters,
        Duration.ofMinutes(2),
        true);
  }

  static Run aRun() {
    return aRun(checkoutErrors());
  }

  static Run aRun(String kind) {
    return aRun(experiment(kind, Map.of()));
  }

  private static Run aRun(Experiment experiment) {
    return ((RunRequest.Result.Ready)
            RunRequest.of(experiment, Map.of(), UUID.randomUUID(), "ann", NOON))
        .run();
  }
}
