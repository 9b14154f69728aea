package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.PeerStandIn.Reply;
import dev.watchtower.incident.RunningService;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The catalog's playbook against a stand-in supervisor over real HTTP. */
class RemediationIT extends RunningService {
  private static ConditionFactory soon() {
    return await().atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(20));
  }

  private String down(String service, SignalStatus status) {
    return responder()
        .post(
            "/api/v1/signals",
            new Signal(
                UUID.randomUUID(),
                "down|" + service,
                SignalKind.SERVICE_DOWN,
                status,
                "probe-" + service,
                service,
                "prod",
                Severity.SEV2,
                service + " is down",
                CLOCK.instant(),
                null,
                CLOCK.instant().plusSeconds(10)))
        .text("incident");
  }

  private List<JsonNode> log(String incident) {
    return responder()
        .get("/api/v1/remediations?incident=" + incident)
        .body()
        .path("items")
        .valueStream()
        .toList();
  }

  private List<String> outcomes(String incident) {
    return responder()
        .get("/api/v1/incidents/" + incident + "/timeline")
        .body()
        .path("items")
        .valueStream()
        .filter(e -> e.path("kind").asString().equals("REMEDIATION"))
        .map(e ->
            e.path("actor").path("name").asString()
                + " "
                + e.path("data").path("outcome").asString())
        .toList();
  }

  private static long restarts(String service) {
    return SUPERVISOR.requests().stream()
        .filter(r -> r.path().equals("/api/v1/processes/" + service + "/restart"))
        .count();
  }

  private static void supervisorSays(String service, String state) {
    SUPERVISOR.behave(request ->
        request.method().equals("POST")
            ? new Reply(202, "{}")
            : new Reply(
                200,
                """
                [{"name":"%s","pid":1,"port":8091,"state":"%s","restarts":1,
                  "residentBytes":0,"since":"%s"}]
                """
                    .formatted(service, state, CLOCK.instant())));
  }

  @Test
  void aServiceThatIsDownIsRestartedOnceAndTheOutcomeIsChecked() {
    advance(Duration.ofHours(2));
    supervisorSays("checkout", "STARTING");
    var incident = down("checkout", SignalStatus.FIRING);
    soon().until(() -> log(incident).getFirst().path("state").asString().equals("CHECKING"));

    supervisorSays("checkout", "HEALTHY");
    soon().until(() -> log(incident).getFirst().path("state").asString().equals("SUCCEEDED"));

    assertThat(restarts("checkout")).isEqualTo(1);
    assertThat(SUPERVISOR.requests())
        .filteredOn(r -> r.method().equals("POST"))
        .allMatch(r -> r.authorization().startsWith("Bearer "));
    var policy = "policy:restart-crashed-shop-process ";
    assertThat(outcomes(incident)).containsExactly(policy + "STARTED", policy + "SUCCEEDED");

    advance(Duration.ofSeconds(20));
    down("checkout", SignalStatus.CLEARED);
    advance(Duration.ofSeconds(1));
    down("checkout", SignalStatus.FIRING);
    soon().until(() -> log(incident).size() == 2);
    soon().until(() -> log(incident).getFirst().path("state").asString().equals("SKIPPED"));
    assertThat(log(incident).getFirst().path("reason").asString()).startsWith("cooldown");
    assertThat(restarts("checkout")).isEqualTo(1);
  }

  @Test
  void aRestartThatDoesNotHelpCountsAsFailed() {
    advance(Duration.ofHours(2));
    supervisorSays("inventory", "UNHEALTHY");
    var incident = down("inventory", SignalStatus.FIRING);
    soon().until(() -> log(incident).getFirst().path("state").asString().equals("CHECKING"));

    advance(Duration.ofSeconds(31));
    soon().until(() -> log(incident).getFirst().path("state").asString().equals("FAILED"));

    assertThat(log(incident).getFirst().path("reason").asString())
        .isEqualTo("not healthy within 30 s");
  }

  @Test
  void aSupervisorThatRefusesIsReported() {
    advance(Duration.ofHours(2));
    SUPERVISOR.behave(request -> new Reply(404, "{}"));
    var incident = down("storefront", SignalStatus.FIRING);

    soon().until(() -> log(incident).getFirst().path("state").asString().equals("FAILED"));

    assertThat(log(incident).getFirst().path("reason").asString()).contains("404");
    var id = log(incident).getFirst().path("id").asString();
    var answer = responder().post("/api/v1/remediations/" + id + "/approve", "{}");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("type")).isEqualTo("/problems/nothing-to-approve");
  }

  @Test
  void otherSignalsRestartNothing() {
    var service = freshService();
    var incident = down(service, SignalStatus.FIRING);

    assertThat(log(incident)).isEmpty();
    assertThat(restarts(service)).isZero();
  }
}
