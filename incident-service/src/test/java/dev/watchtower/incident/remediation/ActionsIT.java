package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.PeerStandIn.Reply;
import dev.watchtower.incident.PeerStandIn.Request;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks, commands and chaos runs as actions. */
class ActionsIT extends RepairWorld {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static List<Request> hooks(String path) {
    return REPAIR_HOOK.requests().stream().filter(r -> r.path().equals(path)).toList();
  }

  private static String signatureOf(Request request) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("s3cret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    var content =
        request.headers().get("webhook-id")
            + "."
            + request.headers().get("webhook-timestamp")
            + "."
            + request.body();
    return "v1,"
        + Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aWebhookIsASignedCloudEventAndIsTakenBackByAnother() throws Exception {
    signalIs("fix-7", "latency_p95", 0.9);
    var incident = down("fix-7");
    var id = newest(incident, "CHECKING").path("id").asString();

    var call = hooks("/do").getFirst();
    var event = JSON.readTree(call.body());
    assertThat(call.headers().get("content-type")).startsWith("application/cloudevents+json");
    assertThat(call.headers().get("webhook-id")).isEqualTo(id);
    assertThat(call.headers().get("webhook-timestamp"))
        .isEqualTo(Long.toString(CLOCK.instant().getEpochSecond()));
    assertThat(call.headers().get("webhook-signature")).isEqualTo(signatureOf(call));
    assertThat(call.authorization()).as("our tokens stay with us").isEqualTo("null");
    assertThat(event.path("specversion").asString()).isEqualTo("1.0");
    assertThat(event.path("type").asString()).isEqualTo("dev.watchtower.remediation.requested");
    assertThat(event.path("data").path("service").asString()).isEqualTo("fix-7");

    advance(Duration.ofSeconds(31));
    newest(incident, "FAILED");
    soon()
        .until(() -> log(incident).getFirst().path("undo").path("state").asString().equals("DONE"));
    var undo = hooks("/undo").getFirst();
    assertThat(undo.headers().get("webhook-id")).isEqualTo(id + "-undo");
    assertThat(undo.headers().get("webhook-signature")).isEqualTo(signatureOf(undo));
    assertThat(hooks("/do")).hasSize(1);
  }

  @Test
  void aPlainWebhookThatAnswersAnErrorHasFailed() throws Exception {
    REPAIR_HOOK.behave(request -> new Reply(500, "{}"));
    var incident = down("fix-8");

    assertThat(newest(incident, "FAILED").path("reason").asString())
        .isEqualTo("the webhook answered 500");

    var call = hooks("/json").getFirst();
    assertThat(call.headers().get("content-type")).isEqualTo("application/json");
    assertThat(call.headers().get("webhook-signature")).isEqualTo(signatureOf(call));
    assertThat(JSON.readTree(call.body()).path("playbook").asString()).isEqualTo("fix-json");
    assertThat(log(incident).toString()).doesNotContain("s3cret", REPAIR_HOOK.url());
  }

  @Test
  void aCommandThatEndsWithAnErrorHasFailedAndSaysWhatItPrinted() {
    SUPERVISOR.behave(request ->
        new Reply(200, "{\"exit\":3,\"timedOut\":false,\"millis\":5,\"output\":\"no cache\\n\"}"));
    var incident = down("fix-19");

    assertThat(newest(incident, "FAILED").path("reason").asString())
        .isEqualTo("warm ended with 3: no cache");
  }

  @Test
  void aCommandThatTakesLongDoesNotHoldUpTheRepairOfAnotherService() {
    var release = new CountDownLatch(1);
    SUPERVISOR.behave(request -> {
      if (request.path().contains("/fix-24/commands/")) {
        awaitQuietly(release);
      }
      return new Reply(200, "{\"exit\":0,\"timedOut\":false,\"millis\":5,\"output\":\"ok\"}");
    });
    try {
      var slow = down("fix-24");
      newest(slow, "RUNNING");
      var quick = down("fix-25");

      newest(quick, "CHECKING");
      assertThat(log(slow).getFirst().path("state").asString()).isEqualTo("RUNNING");
      release.countDown();
      newest(slow, "CHECKING");
    } finally {
      release.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aRunAgainstTheServiceIsStoppedAndNoOther() {
    var mine = UUID.randomUUID();
    var over = UUID.randomUUID();
    var other = UUID.randomUUID();
    CHAOS_PEER.behave(request ->
        request.method().equals("POST")
            ? new Reply(202, "{}")
            : new Reply(
                200,
                "{\"items\":[%s,%s,%s],\"next\":null}"
                    .formatted(
                        run(mine, "fix-9", "RUNNING"),
                        run(over, "fix-9", "ENDED"),
                        run(other, "fix-8", "RUNNING"))));
    var incident = down("fix-9");
    var checking = newest(incident, "CHECKING");
    assertThat(checking.path("outcome").asString()).isEqualTo("stopped break-fix-9");

    advance(Duration.ofSeconds(5));
    down("fix-9", SignalStatus.CLEARED);

    assertThat(newest(incident, "SUCCEEDED").path("reason").asString())
        .isEqualTo("the signal that started it cleared");
    assertThat(CHAOS_PEER.requests().stream().filter(r -> r.method().equals("POST")))
        .extracting(Request::path)
        .containsExactly("/api/v1/runs/" + mine + "/stop");
  }

  @Test
  void withoutARunThereIsNothingToStop() {
    CHAOS_PEER.behave(request -> new Reply(200, "{\"items\":[],\"next\":null}"));
    var incident = down("fix-20");

    assertThat(newest(incident, "SKIPPED").path("reason").asString())
        .isEqualTo("no chaos run is known to be under way on fix-20");
  }

  private static String run(UUID id, String target, String state) {
    return """
    {"id":"%s","experiment":"break-%s","kind":"errors","target":"%s","env":"prod",
     "parameters":{},"state":"%s","blind":false,"startedBy":"ann","startedAt":"%s",
     "endsAt":"%s","log":[]}
    """
        .formatted(id, target, target, state, CLOCK.instant(), CLOCK.instant());
  }
}
