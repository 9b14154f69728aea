package dev.watchtower.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import tools.jackson.databind.JsonNode;

/** The sample shop's incidents and what customers are told of it. */
final class Shop {
  private Shop() {}

  /** Waits until nothing fires any more, and resolves what is left. */
  static void calm() {
    soon(150)
        .untilAsserted(() -> {
          assertThat(openSignals()).isEmpty();
          resolveAll();
          assertThat(openIncidents()).isEmpty();
          assertThat(indicator()).isEqualTo("none");
        });
  }

  /** What is not resolved. */
  static List<JsonNode> openIncidents() throws IOException, InterruptedException {
    return Suite.get("incident", "/api/v1/incidents?env=prod")
        .path("items")
        .valueStream()
        .filter(i -> !i.path("state").asString().equals("RESOLVED"))
        .toList();
  }

  /** The status page's indicator. */
  static String indicator() throws IOException, InterruptedException {
    return Suite.get("monitor", "/api/v2/status.json").path("status").path("indicator").asString();
  }

  /** Patience with a suite that may still be starting again. */
  static ConditionFactory soon(int seconds) {
    return await()
        .atMost(Duration.ofSeconds(seconds))
        .pollInterval(Duration.ofMillis(250))
        .ignoreExceptionsInstanceOf(IOException.class)
        .ignoreExceptionsInstanceOf(IllegalStateException.class);
  }

  private static List<String> openSignals() throws IOException, InterruptedException {
    return openIncidents().stream()
        .filter(i -> !i.path("state").asString().equals("MITIGATED"))
        .map(JsonNode::toString)
        .toList();
  }

  private static void resolveAll() throws IOException, InterruptedException {
    for (var incident : openIncidents()) {
      Suite.send(
          "POST",
          "incident",
          "/api/v1/incidents/" + incident.path("id").asString() + "/transitions",
          "{\"event\":\"RESOLVE\",\"comment\":\"the fault is gone\"}");
    }
  }
}
