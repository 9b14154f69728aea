package dev.watchtower.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The whole loop, for each kind of fault, through the public interfaces. */
@ExtendWith(Suite.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LoopIT {
  /**
   * A fault and what must be seen of it.
   *
   * @param service where the incident opens and which the analysis must suspect first
   * @param rules the rules of which one must have fired
   */
  record Fault(String experiment, String service, List<String> rules) {
    @Override
    public String toString() {
      return experiment;
    }
  }

  /** What is usual for this long before an incident is no part of it to the analysis. */
  private static final Duration APART = Duration.ofSeconds(12);

  /** Whose fault was tried last. */
  private static String disturbed = "";

  /** Those of a service follow each other: only where it changes is a while of calm waited for. */
  static List<Arguments> faults() {
    return List.of(
        // Where other work keeps the processors busy too, the slow answers come before the limit.
        Arguments.of(
            new Fault("inventory-cpu", "inventory", List.of("cpu-saturated", "high-latency"))),
        Arguments.of(
            new Fault("inventory-db-down", "inventory", List.of("high-error-rate", "inventory"))),
        Arguments.of(new Fault("checkout-errors", "checkout", List.of("high-error-rate"))),
        Arguments.of(new Fault("checkout-latency", "checkout", List.of("high-latency"))),
        Arguments.of(new Fault("checkout-crash", "checkout", List.of("checkout", "no-telemetry"))));
  }

  @Test
  @Order(1)
  void theSampleShopIsMovingAfterTheStart() {
    awaitHealthyShop(Duration.ZERO);
  }

  @ParameterizedTest
  @Order(2)
  @MethodSource("faults")
  void aFaultIsSeenToldExplainedAndItsEndToo(Fault fault) throws Exception {
    Shop.calm();
    // What another fault, or a busy machine, made slow just now is no part of this one.
    awaitHealthyShop(fault.service().equals(disturbed) ? Duration.ZERO : APART);
    disturbed = fault.service();

    var run =
        Suite.post(
            "chaos",
            "/api/v1/runs",
            "{\"experiment\":\"%s\",\"overrides\":{\"duration\":\"90s\"}}"
                .formatted(fault.experiment()));
    var id = awaitIncident(fault);

    Shop.soon(15).untilAsserted(() -> assertThat(cardOf(id)).contains(fault.service()));
    Shop.soon(15).untilAsserted(() -> assertThat(Shop.indicator()).isNotEqualTo("none"));
    Shop.soon(45)
        .untilAsserted(() -> {
          var analysis = newestAnalysis(id);
          assertThat(analysis.path("candidates").path(0).path("service").asString(""))
              .as("the first suspect of " + analysis)
              .isEqualTo(fault.service());
        });
    // It comes by an outbox, a moment after analysis-service has it.
    Shop.soon(15)
        .untilAsserted(() ->
            assertThat(Suite.get("incident", "/api/v1/incidents/" + id + "/timeline").toString())
                .as("the timeline says why")
                .contains("\"ANALYSIS\""));
    if (fault.experiment().equals("checkout-crash")) {
      Shop.soon(60)
          .untilAsserted(() ->
              assertThat(Suite.get("incident", "/api/v1/remediations").toString())
                  .contains("restart-crashed-shop-process"));
    } else {
      // The repair above ends its run, and a run that is over is no secret any more.
      assertThat(Suite.get("ingest", "/api/v1/events?service=" + fault.service()).toString())
          .as("a blind run stays hidden")
          .doesNotContain(run.path("id").asString());
    }

    Suite.post("chaos", "/api/v1/runs/" + run.path("id").asString() + "/stop", "");
    awaitNoRuns();
    Shop.calm();

    assertThat(incident(id).path("state").asString()).isEqualTo("RESOLVED");
    Shop.soon(15).untilAsserted(() -> assertThat(cardOf(id)).containsIgnoringCase("resolved"));
    assertThat(
            Suite.get("incident", "/api/v1/incidents/" + id + "/timeline/verify")
                .path("valid")
                .asBoolean(false))
        .isTrue();
    Shop.soon(15)
        .untilAsserted(() ->
            assertThat(Suite.get("ingest", "/api/v1/events?service=" + fault.service()).toString())
                .as("the run is unsealed when it is over")
                .contains(run.path("id").asString()));
  }

  /** A run that a failed test left behind would break the next one. */
  @AfterEach
  void stopRuns() throws Exception {
    for (var run : Suite.get("chaos", "/api/v1/runs").path("items")) {
      if (!run.path("state").asString().equals("ENDED")) {
        Suite.send("POST", "chaos", "/api/v1/runs/" + run.path("id").asString() + "/stop", "");
      }
    }
    awaitNoRuns();
  }

  private static void awaitNoRuns() {
    Shop.soon(20)
        .untilAsserted(() ->
            assertThat(Suite.get("chaos", "/api/v1/runs").path("items").valueStream())
                .allMatch(run -> run.path("state").asString().equals("ENDED")));
  }

  /** Waits until the whole shop has been well for so long. */
  private static void awaitHealthyShop(Duration during) {
    Shop.soon(90)
        .during(during)
        .untilAsserted(() -> {
          for (var service : List.of("storefront", "checkout", "inventory")) {
            var signals = golden(service);
            assertThat(signals.path("traffic").asDouble(0)).as(service).isGreaterThan(3);
            assertThat(signals.path("error_rate").asDouble(1)).as(service).isLessThan(0.05);
            assertThat(signals.path("latency_p95").asDouble(9)).as(service).isLessThan(0.3);
            assertThat(signals.path("memory").asDouble(-1)).isBetween(0.0, 1.0);
          }
        });
  }

  private static JsonNode golden(String service) throws IOException, InterruptedException {
    for (var item :
        Suite.get("ingest", "/api/v1/signals?service=" + service + "&env=prod").path("items")) {
      if (item.path("service").asString("").equals(service)) {
        return item.path("signals");
      }
    }
    return Suite.JSON.missingNode();
  }

  private static String awaitIncident(Fault fault) {
    var found = new String[1];
    Shop.soon(45)
        .untilAsserted(() -> {
          for (var incident : Shop.openIncidents()) {
            if (incident.path("service").asString().equals(fault.service())) {
              assertThat(incident.path("signals").toString()).containsAnyOf(quoted(fault.rules()));
              found[0] = incident.path("id").asString();
            }
          }
          assertThat(found[0]).as("an incident on " + fault.service()).isNotNull();
        });
    return found[0];
  }

  private static String[] quoted(List<String> words) {
    return words.stream().map(w -> "\"" + w + "\"").toArray(String[]::new);
  }

  private static JsonNode incident(String id) throws IOException, InterruptedException {
    return Suite.get("incident", "/api/v1/incidents/" + id);
  }

  /** The newest analysis that is done. */
  private static JsonNode newestAnalysis(String incident) throws IOException, InterruptedException {
    var analyses = Suite.get("analysis", "/api/v1/analyses?incident=" + incident);
    return analyses
        .path("items")
        .valueStream()
        .filter(a -> a.path("status").asString().equals("DONE"))
        .max(Comparator.comparing(a -> a.path("createdAt").asString()))
        .orElse(Suite.JSON.missingNode());
  }

  private static String cardOf(String incident) {
    return Suite.DISCORD.messages().values().stream()
        .map(JsonNode::toString)
        .filter(m -> m.contains(incident))
        .findFirst()
        .orElse("");
  }
}
