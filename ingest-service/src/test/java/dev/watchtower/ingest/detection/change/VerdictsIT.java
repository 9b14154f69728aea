package dev.watchtower.ingest.detection.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Deployments among events of other types, and the pages of their verdicts. */
class VerdictsIT extends IngestContext {
  private static final Map<String, String> BATCH =
      Map.of("Content-Type", "application/cloudevents-batch+json");
  private static final String DEPLOYED = "dev.cdevents.service.deployed.0.2.0";

  @Test
  void aDeploymentIsFoundBehindAnyNumberOfOtherEvents() {
    send(event("busy-deployment", DEPLOYED, "busy", now() - 600_000));
    var others = new ArrayList<String>();
    for (var i = 0; i < 1000; i++) {
      others.add(event("busy-" + i, "com.example.ci.run.finished", "busy", now() - i));
    }
    send(others.toArray(String[]::new));

    var page = verdicts("?service=busy");

    assertThat(ids(page)).containsExactly("busy-deployment");
    assertThat(page.path("next").isNull() || page.path("next").isMissingNode()).isTrue();
  }

  @Test
  void theVerdictsComeInPages() {
    var sent = new ArrayList<String>();
    for (var i = 0; i < 25; i++) {
      sent.add(event("often-" + i, DEPLOYED, "often", now() - i * 1000L));
    }
    send(sent.toArray(String[]::new));

    var found = new ArrayList<String>();
    var first = verdicts("?service=often");
    assertThat(ids(first)).hasSize(20);
    for (var page = verdicts("?service=often&limit=7"); ; ) {
      found.addAll(ids(page));
      var next = page.path("next").asString("");
      if (next.isEmpty()) {
        break;
      }
      page = verdicts("?service=often&limit=7&page=" + next);
    }

    assertThat(found)
        .hasSize(25)
        .doesNotHaveDuplicates()
        .startsWith("often-0")
        .endsWith("often-24");
    assertThat(ids(verdicts("?service=often&page=" + first.path("next").asString())))
        .isEqualTo(found.subList(20, 25));
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "limit=21", "page=x", "limit=many"})
  void refusesPagesThatThereAreNot(String parameter) {
    var answer = send("GET", "/api/v1/verdicts?" + parameter, readToken(), Map.of(), null);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(parameter.substring(0, parameter.indexOf('=')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        DEPLOYED,
        "dev.cdevents.service.upgraded.0.2.0",
        "dev.cdevents.service.rolledback.0.2.0",
        "com.github.deployment_status.success",
        "deployed",
        "com.github.deployment_status.failure",
        "com.example.deployedlater",
        "com.example.Deployed",
        "com.github.deployment_status.success.again",
        "upgraded..x"
      })
  void theDatabaseAndTheJudgeMeanTheSameByADeployment(String type) {
    send(event("of-" + type, type, "kinds-of", now()));

    assertThat(ids(verdicts("?service=kinds-of")).contains("of-" + type))
        .isEqualTo(Judge.DEPLOYMENTS.matches(type));
  }

  private void send(String... events) {
    var body = "[" + String.join(",", events) + "]";
    var answer = post("/api/v1/events", BATCH, body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static String event(String id, String type, String service, long time) {
    return """
    {"specversion":"1.0","id":"%s","source":"ci/verdicts","type":"%s","time":"%s",
     "data":{"service":"%s","env":"prod",
             "subject":{"id":"%s","content":{"environment":{"id":"prod"}}}}}\
    """
        .formatted(id, type, Instant.ofEpochMilli(time), service, service);
  }

  private JsonNode verdicts(String query) {
    var answer = send("GET", "/api/v1/verdicts" + query, readToken(), Map.of(), null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private static List<String> ids(JsonNode page) {
    return page.path("items").valueStream().map(item -> item.path("id").asString()).toList();
  }
}
