package dev.watchtower.ingest.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.ingest.IngestContext;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** SLOs, verdicts and back-tests over HTTP, on samples that came through the door. */
class RulesIT extends IngestContext {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  private JsonNode get(String path) {
    HttpResponse<String> answer = send("GET", path, readToken(), Map.of(), null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private void send(List<String> rows) {
    HttpResponse<String> answer =
        post(
            "/api/v1/metrics",
            JSON,
            ("{\"samples\":[" + String.join(",", rows) + "]}").getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
  }

  private HttpResponse<String> backtest(String body, String token) {
    return send(
        "POST", "/api/v1/rules/backtest", token, JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  private static String row(String name, String service, String labels, long ts, double value) {
    return """
    {"service":"%s","env":"prod","name":"%s","labels":{%s},"ts":%d,"value":%s}\
    """
        .formatted(service, name, labels, ts, value);
  }

  /** Five minutes of requests to checkout; from the third on some fail. */
  private long requests(String service) {
    long start = clock.millis() / 60_000 * 60_000 - 300_000;
    List<String> rows = new ArrayList<>();
    for (int s = 0; s <= 300; s += 5) {
      String count = "http_server_requests_milliseconds_count";
      double bad = Math.max(0, s - 120);
      rows.add(row(count, service, "\"status\":\"200\"", start + s * 1000, 10 * s - bad));
      rows.add(row(count, service, "\"status\":\"500\"", start + s * 1000, bad));
    }
    send(rows);
    await()
        .atMost(LIMIT)
        .until(() -> !get("/api/v1/signals?service=" + service).path("items").isEmpty());
    return start;
  }

  @Test
  void givesItsRulesToWhoMayReadInTheFormOfPrometheus() {
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(send("GET", "/api/v1/alerts", readToken(), Map.of(), null).statusCode())
                .isEqualTo(200));
    JsonNode rules = get("/api/v1/rules?type=alert").at("/data/groups/0/rules");
    assertThat(rules.valueStream().map(r -> r.path("name").asString())).contains("high-error-rate");
    assertThat(send("GET", "/api/v1/rules", null, Map.of(), null).statusCode()).isEqualTo(401);
    assertThat(send("GET", "/api/v1/alerts", null, Map.of(), null).statusCode()).isEqualTo(401);
  }

  @Test
  void countsAnSloFromWhatArrives() {
    requests("checkout");

    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          JsonNode slo = get("/api/v1/slo/checkout-availability");
          assertThat(slo.path("complete").asBoolean()).isTrue();
          assertThat(slo.path("total").asDouble()).isGreaterThan(2_500);
        });
    JsonNode slo = get("/api/v1/slo/checkout-availability");
    assertThat(slo.path("objective").asDouble()).isEqualTo(99.5);
    assertThat(slo.path("state").asString()).isEqualTo("EXHAUSTED");
    assertThat(slo.path("attained").asDouble()).isBetween(92.0, 96.0);
    assertThat(slo.path("budgetLeft").asDouble()).isNegative();
    assertThat(slo.at("/burnRates/0/window").asString()).isEqualTo("1h");
    assertThat(slo.at("/burnRates/0/burnRate").asDouble()).isBetween(8.0, 16.0);
    assertThat(Instant.parse(slo.path("since").asString())).isBefore(clock.instant());
    assertThat(send("GET", "/api/v1/slo/none", readToken(), Map.of(), null).statusCode())
        .isEqualTo(404);
  }

  /** Told or not, with whatever heap: a second is too short for it, or the memory too small. */
  @Test
  void tellsOfARuleThatTakesTooMuchWhileTheOthersGoOn() throws IOException {
    String before = Files.readString(CATALOG);
    StringBuilder many = new StringBuilder("vector(1)");
    for (int i = 0; i < 8; i++) {
      many.append(" or label_replace(vector(1),'a','").append(i).append("','','')");
    }
    String rule =
        "rules:\n  - {name: too-much, kind: threshold, severity: SEV4, expression: \"count_over_time(("
            + many
            + ")[900000s:1s]) > 0\"}\n";
    try {
      Files.writeString(CATALOG, before.replace("\nrules:\n", "\n" + rule));
      await().atMost(LIMIT).until(() -> faults().contains("rules.too-much: query "));
      requests("beside-a-heavy-rule");
      assertThat(faults()).contains("rules.too-much: query ");
    } finally {
      Files.writeString(CATALOG, before);
    }
    await().atMost(LIMIT).until(() -> !faults().contains("too-much"));
  }

  private String faults() {
    return get("/health").at("/components/detection/details/faults").toString();
  }

  @Test
  void saysWhatARuleWouldHaveTold() {
    long start = requests("past");
    String rule =
        "{\"name\":\"try\",\"kind\":\"threshold\",\"signal\":\"error_rate\",\"above\":0.05,"
            + "\"for\":\"10s\",\"severity\":\"SEV2\"}";
    String body = "{\"rule\":%s,\"from\":\"%d\",\"to\":\"%d\",\"step\":\"5s\"}";

    HttpResponse<String> answer =
        backtest(body.formatted(rule, start, start + 300_000), token(Scope.RESPOND));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode found = JsonMapper.shared().readTree(answer.body());
    JsonNode firing =
        found
            .path("firings")
            .valueStream()
            .filter(f -> f.path("service").asString().equals("past"))
            .findFirst()
            .orElseThrow();
    assertThat(Instant.parse(firing.path("firedAt").asString()).toEpochMilli())
        .isBetween(start + 130_000, start + 145_000);
    assertThat(firing.path("value").asDouble()).isBetween(0.05, 0.15);
    assertThat(found.path("truncated").asBoolean()).isFalse();
    String unusual = "{\"name\":\"odd\",\"kind\":\"anomaly\",\"severity\":\"SEV4\"}";
    HttpResponse<String> anomalies =
        backtest(body.formatted(unusual, start, start + 300_000), token(Scope.RESPOND));
    assertThat(anomalies.statusCode()).as(anomalies.body()).isEqualTo(200);
    assertThat(JsonMapper.shared().readTree(anomalies.body()).path("kind").asString())
        .isEqualTo("anomaly");
    assertThat(backtest(body.formatted(rule, start, start + 1), readToken()).statusCode())
        .isEqualTo(403);
  }

  @Test
  void namesTheFaultOfARuleThatCannotBeTested() {
    String token = token(Scope.RESPOND);

    HttpResponse<String> wrong =
        backtest("{\"rule\":{\"name\":\"x\",\"kind\":\"threshold\",\"abov\":1}}", token);
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(JsonMapper.shared().readTree(wrong.body()).path("errors").findValuesAsString("path"))
        .contains("rule.abov", "rule.severity", "rule.signal");
    HttpResponse<String> unreadable =
        backtest(
            "{\"rule\":{\"name\":\"x\",\"kind\":\"threshold\",\"severity\":\"SEV1\","
                + "\"expression\":\"sum(\"}}",
            token);
    assertThat(unreadable.statusCode()).isEqualTo(400);
    assertThat(JsonMapper.shared().readTree(unreadable.body()).at("/errors/0/path").asString())
        .isEqualTo("rule.expression");
    for (String bad :
        List.of(
            "{}",
            "[]",
            "{\"rule\":{},\"from\":\"x\"}",
            "{\"rule\":{\"name\":\"a\",\"kind\":\"no-data\",\"after\":\"1m\",\"severity\":\"SEV1\"},\"from\":\"2020-01-01T00:00:00Z\"}",
            "{\"rule\":{\"name\":\"a\",\"kind\":\"no-data\",\"after\":\"1m\",\"severity\":\"SEV1\"},\"step\":\"1ms\"}")) {
      assertThat(backtest(bad, token).statusCode()).as(bad).isEqualTo(400);
    }
  }

  @Test
  void judgesADeployment() {
    long start = requests("shipped");
    String event =
        """
        {"specversion":"1.0","id":"d-1","source":"ci/x","type":"dev.cdevents.service.deployed.0.2.0",
         "time":"%s","data":{"subject":{"id":"shipped","content":{"environment":{"id":"prod"}}}}}
        """
            .formatted(Instant.ofEpochMilli(start + 120_000));
    assertThat(
            post(
                    "/api/v1/events",
                    Map.of("Content-Type", "application/cloudevents+json"),
                    event.getBytes(StandardCharsets.UTF_8))
                .statusCode())
        .isEqualTo(200);

    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          JsonNode verdict = get("/api/v1/events/d-1/verdict?source=ci/x");
          assertThat(verdict.path("verdict").asString()).isEqualTo("WORSE");
          assertThat(verdict.path("why").asString()).startsWith("error_rate");
        });
    assertThat(get("/api/v1/verdicts?service=shipped").at("/items/0/id").asString())
        .isEqualTo("d-1");
    assertThat(send("GET", "/api/v1/events/none/verdict", readToken(), Map.of(), null).statusCode())
        .isEqualTo(404);
  }
}
