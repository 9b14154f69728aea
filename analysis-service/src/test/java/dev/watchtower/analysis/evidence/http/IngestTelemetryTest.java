package dev.watchtower.analysis.evidence.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.analysis.evidence.Telemetry;
import dev.watchtower.analysis.support.StubServer;
import dev.watchtower.analysis.support.StubServer.Answer;
import dev.watchtower.analysis.support.StubServer.Request;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.ServiceTokens;
import dev.watchtower.common.security.TokenIssuer;
import dev.watchtower.common.test.MutableClock;
import dev.watchtower.common.test.TestKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class IngestTelemetryTest {
  private static final Instant FROM = Instant.ofEpochSecond(1_700_000_000);
  private static final Instant TO = FROM.plusSeconds(600);
  private static final Duration STEP = Duration.ofSeconds(5);

  private final StubServer ingest = new StubServer();
  private final IngestTelemetry telemetry =
      new IngestTelemetry(
          new Peers(
              Map.of("ingest", ingest.url()),
              new ServiceTokens(
                  "analysis",
                  new TokenIssuer(
                      "analysis",
                      new KeyFiles(new TestKeys().dataDir().resolve("keys"))
                          .privateKey("analysis")),
                  MutableClock.ofAFixedDay())),
          JsonMapper.shared(),
          Duration.ofSeconds(5));

  @AfterEach
  void close() {
    ingest.close();
  }

  private void answering(String history, String... rows) {
    ingest.answering(request ->
        new Answer(
            200,
            request.path().endsWith("/history")
                ? history
                : "{\"data\":{\"result\":[" + String.join(",", rows) + "]}}"));
  }

  private static String row(String metric, double value) {
    return "{\"metric\":{%s},\"values\":[[1700000000,\"%s\"]]}".formatted(metric, value);
  }

  private List<String> queries() {
    return ingest.requests().stream()
        .filter(r -> r.path().endsWith("/query_range"))
        .map(Request::query)
        .toList();
  }

  @Test
  void takesRatesOverTheWindowOfTheService() {
    answering("{\"window\":45000,\"points\":[]}");

    telemetry.calls("shop", "prod", FROM, TO, STEP);
    telemetry.furtherSeries("shop", "prod", FROM, TO, STEP);

    assertThat(queries())
        .hasSize(5)
        .filteredOn(q -> q.contains("rate("))
        .hasSize(4)
        .allSatisfy(q -> assertThat(q).contains("[45s]").doesNotContain("[10s]"));
    ingest.forget();
    telemetry.calls("shop", "prod", FROM, TO, Duration.ofSeconds(60));
    assertThat(queries())
        .as("nothing between two steps is lost")
        .allMatch(q -> q.contains("[60s]"));
  }

  @Test
  void takesTheUsualWindowWhereNoneIsTold() {
    answering("{\"points\":[]}");

    telemetry.calls("shop", "prod", FROM, TO, STEP);

    assertThat(queries()).allMatch(q -> q.contains("[10s]"));
  }

  @Test
  void asksInTheConventionsOfMicrometerAndOfOpenTelemetry() {
    answering("{\"window\":10000}");

    telemetry.calls("shop", "prod", FROM, TO, STEP);
    telemetry.furtherSeries("shop", "prod", FROM, TO, STEP);

    for (var metric :
        List.of(
            "http_client_requests_milliseconds_count",
            "http_client_requests_seconds_count",
            "http_client_request_duration_seconds_count",
            "http_client_request_duration_milliseconds_count")) {
      assertThat(queries()).filteredOn(q -> q.contains(metric)).hasSize(3);
    }
    for (var metric :
        List.of(
            "http_server_requests_milliseconds_sum",
            "http_server_requests_seconds_sum",
            "http_server_request_duration_seconds_sum",
            "http_server_request_duration_milliseconds_sum")) {
      assertThat(queries()).filteredOn(q -> q.contains(metric)).hasSize(1);
    }
  }

  @Test
  void readsTheHostFromTheLabelOfEitherConvention() {
    answering(
        "{\"window\":10000}",
        row("\"client_name\":\"inventory\"", 0.1),
        row("\"server_address\":\"payment\"", 0.2),
        row("\"server_address\":\"inventory\"", 0.3));

    Telemetry.Calls calls = telemetry.calls("shop", "prod", FROM, TO, STEP);

    assertThat(calls.waited().keySet()).containsExactlyInAnyOrder("inventory", "payment");
    assertThat(calls.waited().get("inventory").values()).containsExactly(0.1);
    assertThat(calls.worked()).isNotNull();
  }
}
