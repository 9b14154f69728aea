package dev.watchtower.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bad input at every door: a 4xx problem that says where the fault is, and nothing is stored. */
@ExtendWith(Suite.class)
class BadInputIT {
  private static final String PROTOBUF = "application/x-protobuf";
  private static final String JSON = "application/json";
  private static final String NIL = "00000000-0000-0000-0000-000000000000";

  /**
   * One bad request.
   *
   * @param status the expected answer
   * @param fault what the problem names: a path in the body, a parameter or a word; empty when the
   *     status says it all
   */
  record Bad(
      String method,
      String process,
      String path,
      String type,
      byte[] body,
      int status,
      String fault) {
    @Override
    public String toString() {
      return method + " " + process + path + " " + fault;
    }
  }

  static Stream<Bad> requests() {
    return Stream.of(
            List.of(
                post(
                    "ingest",
                    "/api/v1/metrics",
                    "{\"samples\":[{\"service\":1}]}",
                    400,
                    "samples[0]"),
                post("ingest", "/api/v1/metrics", "{\"samples\":[", 400, ""),
                event("{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"x\"}", 400, "type"),
                event("[1,2", 400, ""),
                post("ingest", "/api/v1/events", "{}", 415, "application/cloudevents+json"),
                post("ingest", "/v1/metrics", "{\"resourceMetrics\":{}}", 400, "resourceMetrics"),
                new Bad("POST", "ingest", "/v1/metrics", PROTOBUF, noise(), 400, ""),
                new Bad("POST", "ingest", "/api/v1/write", PROTOBUF, noise(), 400, "snappy"),
                new Bad("POST", "ingest", "/api/v1/write", "text/plain", noise(), 415, ""),
                get("ingest", "/api/v1/query?query=sum(", 400),
                get("ingest", "/api/v1/query_range?query=up&start=x&end=1&step=1", 400)),
            List.of(
                post("incident", "/api/v1/signals", "{\"id\":\"x\"}", 400, "id"),
                post("incident", "/api/v1/signals", "{}", 400, "\"path\":\"id\""),
                post("incident", "/api/v1/signals", "not json", 400, ""),
                post("incident", "/api/v1/alertmanager", "{\"version\":\"4\"}", 400, "alerts"),
                post(
                    "incident",
                    "/api/v1/incidents/" + NIL + "/transitions",
                    "{\"event\":\"ACKNOWLEDGE\"}",
                    404,
                    ""),
                get("incident", "/api/v1/incidents/" + NIL, 404),
                get("incident", "/api/v1/incidents/no-id", 400),
                get("incident", "/api/v1/incidents?state=SLEEPING", 400)),
            List.of(
                post("analysis", "/api/v1/analyses", "{\"incidentId\":7}", 400, "incidentId"),
                get("analysis", "/api/v1/analyses/" + NIL, 404),
                post("chaos", "/api/v1/runs", "{\"experiment\":\"no-such\"}", 404, ""),
                post("chaos", "/api/v1/runs", "{\"experiment\":[]}", 400, "experiment"),
                get("chaos", "/api/v1/runs/" + NIL, 404),
                get("monitor", "/api/v2/no-such.json", 404)))
        .flatMap(List::stream);
  }

  static Stream<Bad> oversized() {
    byte[] body = "{\"x\":\"".concat("y".repeat(70 << 20)).getBytes(StandardCharsets.US_ASCII);
    return Stream.of(
        new Bad("POST", "ingest", "/api/v1/metrics", JSON, body, 413, ""),
        new Bad("POST", "incident", "/api/v1/signals", JSON, body, 413, ""),
        new Bad("POST", "analysis", "/api/v1/analyses", JSON, body, 413, ""),
        new Bad("POST", "chaos", "/api/v1/runs", JSON, body, 413, ""));
  }

  @ParameterizedTest
  @MethodSource({"requests", "oversized"})
  void isAnsweredWithAProblemThatSaysWhere(Bad bad) throws Exception {
    var answer = send(bad);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(bad.status);
    if (bad.path.startsWith("/api/v1/query")) {
      assertThat(answer.body()).as("as Prometheus says it").contains("\"errorType\"");
    } else if (!bad.path.equals("/v1/metrics")) {
      assertThat(answer.headers().firstValue("Content-Type").orElse(""))
          .startsWith("application/problem+json");
    }
    assertThat(answer.body()).contains(bad.fault);
  }

  @AfterAll
  static void everythingIsStillWell() throws Exception {
    for (var process : List.of("ingest", "incident", "analysis", "chaos", "monitor")) {
      assertThat(Suite.get(process, "/health/readiness").path("status").asString())
          .as(process)
          .isEqualTo("UP");
    }
  }

  private static HttpResponse<String> send(Bad bad) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(Suite.url(bad.process) + bad.path))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + Suite.token())
            .header("Content-Type", bad.type)
            .header("Content-Encoding", bad.path.equals("/api/v1/write") ? "snappy" : "identity")
            .method(bad.method, HttpRequest.BodyPublishers.ofByteArray(bad.body))
            .build();
    return Suite.HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static Bad event(String body, int status, String fault) {
    return new Bad(
        "POST",
        "ingest",
        "/api/v1/events",
        "application/cloudevents+json",
        body.getBytes(StandardCharsets.UTF_8),
        status,
        fault);
  }

  private static Bad post(String process, String path, String body, int status, String fault) {
    return new Bad(
        "POST", process, path, JSON, body.getBytes(StandardCharsets.UTF_8), status, fault);
  }

  private static Bad get(String process, String path, int status) {
    return new Bad("GET", process, path, JSON, new byte[0], status, "");
  }

  private static byte[] noise() {
    byte[] bytes = new byte[300];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
