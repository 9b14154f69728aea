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
    return new Experiment(
        "checkout-errors",
        "Checkout fails",
        "It is seen",
        "errors",
        "checkout",
        "prod",
        "http://127.0.0.1:9",
        Map.of("ratio", 0.7),
        Duration.ofMinutes(2),
        true);
  }

  static Run aRun() {
    return ((RunRequest.Result.Ready)
            RunRequest.of(checkoutErrors(), Map.of(), UUID.randomUUID(), "ann", NOON))
        .run();
  }
}
