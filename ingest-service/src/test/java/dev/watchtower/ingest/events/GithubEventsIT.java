package dev.watchtower.ingest.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** GitHub's webhooks. */
class GithubEventsIT extends IngestContext {
  @Test
  void takesSignedGithubDeployments() throws Exception {
    var body =
        """
        {"action":"created","deployment_status":{"state":"success","environment":"prod",
           "updated_at":"%s"},"deployment":{"sha":"abc","ref":"v2"},
         "repository":{"name":"hub","full_name":"acme/hub"},"sender":{"login":"ann"}}
        """
            .formatted(at());

    assertThat(github("deployment_status", "g1", body, sign(body)).body())
        .isEqualTo("{\"stored\":1,\"duplicates\":0}");
    assertThat(github("deployment_status", "g1", body, sign(body)).body())
        .isEqualTo("{\"stored\":0,\"duplicates\":1}");
    assertThat(github("deployment_status", "g2", body, sign(body + " ")).statusCode())
        .isEqualTo(403);
    assertThat(github("deployment_status", "g2", body, "").statusCode()).isEqualTo(403);
    assertThat(github("ping", "g3", "{}", sign("{}")).body())
        .isEqualTo("{\"stored\":0,\"duplicates\":0}");
    assertThat(get("?service=hub")).contains("hub deployed in prod: v2");
  }

  /** GitHub's default: signed over the encoded form, which is not what comes out of it. */
  @Test
  void saysWhatToSetWhereGithubSendsForms() throws Exception {
    var form = "payload=%7B%22zen%22%3A%22~%2A%22%7D";
    for (var event : List.of("ping", "deployment_status")) {
      var answer =
          send(
              "POST",
              "/api/v1/events/github",
              null,
              Map.of(
                  "X-GitHub-Event",
                  event,
                  "X-GitHub-Delivery",
                  "form",
                  "X-Hub-Signature-256",
                  sign(form),
                  "Content-Type",
                  "application/x-www-form-urlencoded"),
              bytes(form));

      assertThat(answer.statusCode()).as(event).isEqualTo(415);
      assertThat(answer.body()).contains("Content type to application/json");
    }
  }

  /** What GitHub calls production, and nobody sends from, is what telemetry calls prod. */
  @Test
  void findsDeploymentsOfAnEnvironmentThatIsSpelledOtherwise() throws Exception {
    for (var env : List.of("Production", "preview")) {
      var body =
          """
          {"deployment_status":{"state":"success","environment":"%s","updated_at":"%s"},
           "repository":{"name":"spelled","full_name":"acme/spelled"}}
          """
              .formatted(env, at());
      assertThat(github("deployment_status", "env-" + env, body, sign(body)).body())
          .isEqualTo("{\"stored\":1,\"duplicates\":0}");
    }

    for (var query : List.of("?service=spelled&env=prod", "?env=prod")) {
      assertThat(get(query)).contains("\"env\":\"Production\"").doesNotContain("preview");
    }
    assertThat(get("?service=spelled&env=staging")).doesNotContain("Production");
    telemetryFrom("production-sender", "production");
    telemetryFrom("production-sender", "Production");
    assertThat(get("?service=spelled&env=Production")).contains("\"env\":\"Production\"");
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(get("?service=spelled&env=prod")).doesNotContain("Production"));
  }

  private void telemetryFrom(String service, String env) {
    var body =
        "{\"samples\":[{\"service\":\"%s\",\"env\":\"%s\",\"name\":\"up\",\"value\":1}]}"
            .formatted(service, env);
    var answer =
        send(
            "POST",
            "/api/v1/metrics",
            writeToken(),
            Map.of("Content-Type", "application/json"),
            bytes(body));
    assertThat(answer.statusCode()).isEqualTo(204);
  }

  @Test
  void takesGithubWorkflowsThatHaveEnded() throws Exception {
    var body =
        """
        {"action":"completed","workflow_run":{"name":"release","conclusion":"failure",
           "updated_at":"%s"},"repository":{"name":"flow","full_name":"acme/flow"}}
        """
            .formatted(at());

    assertThat(github("workflow_run", "w1", body, sign(body)).statusCode()).isEqualTo(200);
    assertThat(get("?service=flow")).contains("workflow release ended with failure");
    var wrong = "{\"action\":\"completed\"}";
    assertThat(github("workflow_run", "w2", wrong, sign(wrong)).statusCode()).isEqualTo(400);
  }

  private String at() {
    return Instant.ofEpochMilli(now()).toString();
  }

  private String get(String query) {
    var answer = send("GET", "/api/v1/events" + query, readToken(), Map.of(), null);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private HttpResponse<String> github(String event, String id, String body, String signature) {
    return send(
        "POST",
        "/api/v1/events/github",
        null,
        Map.of(
            "X-GitHub-Event", event,
            "X-GitHub-Delivery", id,
            "X-Hub-Signature-256", signature,
            "Content-Type", "application/json"),
        bytes(body));
  }

  private static String sign(String body) throws java.security.GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(bytes("It's a Secret to Everybody"), "HmacSHA256"));
    return "sha256=" + HexFormat.of().formatHex(mac.doFinal(bytes(body)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
