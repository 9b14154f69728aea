package dev.watchtower.chaos;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.zaxxer.hikari.HikariDataSource;
import dev.watchtower.chaos.run.RunRequest;
import dev.watchtower.chaos.run.Runs;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.common.test.TestKeys;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class ChaosIT {
  /** Agent, supervisor and ingest in one real HTTP server. */
  static final WireMockServer PEERS =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());

  static final TestKeys KEYS = new TestKeys();

  @LocalServerPort int port;
  @Autowired JsonMapper json;
  @Autowired HikariDataSource database;
  @Autowired CatalogSource catalog;
  @Autowired Runs runs;
  @Autowired Clock clock;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String sre = KEYS.person("ann", Scope.READ, Scope.CHAOS);

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) throws IOException {
    PEERS.start();
    PostgresSupport.database().register(registry);
    KEYS.register(registry);
    var catalog =
        Files.readString(Path.of(System.getenv("WATCHTOWER_CATALOG")))
            .replace("http://127.0.0.1:8091", PEERS.baseUrl())
            .replace("http://127.0.0.1:8092", "http://192.0.2.1:9");
    var file = Files.writeString(KEYS.dataDir().resolve("catalog.yaml"), catalog);
    registry.add("watchtower.catalog", file::toString);
    registry.add("watchtower.peers.ingest", PEERS::baseUrl);
    registry.add("watchtower.peers.supervisor", PEERS::baseUrl);
    registry.add("watchtower.peers.monitor", PEERS::baseUrl);
  }

  @BeforeEach
  void everythingAnswers() throws Exception {
    PEERS.resetAll();
    PEERS.stubFor(any(urlMatching("/.*")).willReturn(aResponse().withStatus(200)));
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> send("GET", "/health/readiness", null, null).statusCode() == 200);
  }

  @AfterEach
  void nothingIsLeftRunning() throws Exception {
    PEERS.resetAll();
    PEERS.stubFor(any(urlMatching("/.*")).willReturn(aResponse().withStatus(200)));
    send("POST", "/api/v1/runs/stop-all", sre, "");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> {
          for (var run : read(send("GET", "/api/v1/runs", sre, null)).path("items")) {
            if (!run.path("state").asString().matches("ENDED|FAILED")) {
              return false;
            }
          }
          return true;
        });
  }

  @Test
  void holdsTheFaultByRenewalsAndEndsItWhenStopped() throws Exception {
    var id = start("{\"experiment\":\"checkout-errors\",\"overrides\":{\"ratio\":0.4}}");
    var lease = "/chaos-agent/leases/" + id;

    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            PEERS.verify(
                com.github.tomakehurst.wiremock.client.WireMock.moreThanOrExactly(2),
                putRequestedFor(urlEqualTo(lease))
                    .withRequestBody(matchingJsonPath("$.kind"))
                    .withRequestBody(matchingJsonPath("$.parameters[?(@.ratio == 0.4)]"))
                    .withRequestBody(matchingJsonPath("$[?(@.ttlMillis <= 10000)]"))));
    assertThat(send("POST", "/api/v1/runs/" + id + "/stop", sre, "").statusCode()).isEqualTo(202);

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> {
          PEERS.verify(deleteRequestedFor(urlEqualTo(lease)));
          assertThat(run(id).path("state").asString()).isEqualTo("ENDED");
        });
    assertThat(run(id).path("endReason").asString()).isEqualTo("stopped by ann");
  }

  @Test
  void tellsOfRunsLiveAndNamesThatTopicToWhoListensToAnother() {
    var frames = new StringBuffer();
    var listener =
        new WebSocket.Listener() {
          @Override
          public @Nullable CompletionStage<?> onText(
              WebSocket from, CharSequence text, boolean last) {
            frames.append(text);
            from.request(1);
            return null;
          }
        };
    var uri = URI.create("ws://127.0.0.1:" + port + "/ws");
    var socket = http.newWebSocketBuilder().buildAsync(uri, listener).join();
    for (var frame :
        List.of(
            "CONNECT\naccept-version:1.2\nhost:x\nAuthorization:Bearer " + sre,
            "SUBSCRIBE\nid:1\nreceipt:taken\ndestination:/topic/runs",
            "SUBSCRIBE\nid:2\ndestination:/topic/incidents")) {
      socket.sendText(frame + "\n\n\0", true).join();
    }

    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> frames.indexOf("ERROR") > frames.indexOf("receipt-id:taken"));
    assertThat(frames).contains("receipt-id:taken", "there are: /topic/runs\0");
    socket.abort();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/stop", "-all"})
  void endsWhatAnotherOnTheSameDatabaseHolds(String which) throws Exception {
    var experiment =
        catalog.current().experiment("checkout-errors").orElseThrow(AssertionError::new);
    var run =
        ((RunRequest.Result.Ready)
                RunRequest.of(experiment, Map.of(), UUID.randomUUID(), "bob", clock.instant()))
            .run();
    assertThat(runs.add(run)).isTrue();
    var id = run.id().toString();

    var path = which.equals("/stop") ? "/api/v1/runs/" + id + "/stop" : "/api/v1/runs/stop-all";
    assertThat(send("POST", path, sre, "").statusCode()).isEqualTo(202);
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(run(id).path("state").asString()).isEqualTo("ENDED"));
    PEERS.verify(deleteRequestedFor(urlEqualTo("/chaos-agent/leases/" + id)));

    // The other hears of it from the target, at its next renewal.
    runs.update(run.ending(run.startedAt(), "the target refuses: HTTP 409"));
    assertThat(run(id).path("state").asString()).isEqualTo("ENDED");
    assertThat(run(id).path("endReason").asString()).endsWith("stopped by ann");
  }

  @Test
  void tellsIngestOfStartAndEndInOrder() throws Exception {
    var id = start("{\"experiment\":\"checkout-errors\",\"overrides\":{\"duration\":\"2s\"}}");

    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(() ->
            assertThat(
                    PEERS.findAll(postRequestedFor(urlEqualTo("/api/v1/events"))).stream()
                        .map(r -> json.readTree(r.getBodyAsString()))
                        .filter(e -> e.path("data").path("runId").asString().equals(id))
                        .map(e -> e.path("type").asString()))
                .containsExactly(
                    "dev.watchtower.chaos.run.started", "dev.watchtower.chaos.run.ended"));
    assertThat(run(id).path("endReason").asString()).isEqualTo("its time was over");
  }

  @Test
  void crashesThroughTheSupervisor() throws Exception {
    var id = start("{\"experiment\":\"checkout-crash\"}");

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() ->
            PEERS.verify(
                putRequestedFor(urlEqualTo("/api/v1/processes/checkout/crash-leases/" + id))));
  }

  @Test
  void failsWhenTheTargetRefuses() throws Exception {
    PEERS.stubFor(put(urlMatching("/chaos-agent/.*")).willReturn(aResponse().withStatus(400)));

    var id = start("{\"experiment\":\"checkout-latency\"}");

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(run(id).path("state").asString()).isEqualTo("FAILED"));
    assertThat(run(id).path("endReason").asString()).contains("HTTP 400");
    PEERS.verify(deleteRequestedFor(urlEqualTo("/chaos-agent/leases/" + id)));
  }

  @Test
  void attacksThisMachineOnly() throws Exception {
    var id = start("{\"experiment\":\"inventory-db-down\"}");

    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() -> assertThat(run(id).path("state").asString()).isEqualTo("FAILED"));
    assertThat(run(id).path("endReason").asString()).contains("another machine");
  }

  @Test
  void takesOneRunAtATimeOnATarget() throws Exception {
    start("{\"experiment\":\"checkout-errors\"}");

    var second = send("POST", "/api/v1/runs", sre, "{\"experiment\":\"checkout-latency\"}");

    assertThat(second.statusCode()).isEqualTo(409);
    assertThat(read(second).path("type").asString()).isEqualTo("/problems/run-in-progress");
  }

  @Test
  void hidesABlindRunFromThoseItTests() throws Exception {
    var id = start("{\"experiment\":\"checkout-errors\"}");
    var analysis = KEYS.service("analysis", Scope.READ);

    assertThat(send("GET", "/api/v1/runs/" + id, analysis, null).statusCode()).isEqualTo(404);
    assertThat(send("GET", "/api/v1/runs", analysis, null).body()).doesNotContain(id);
    assertThat(send("GET", "/api/v1/runs", sre, null).body()).contains(id);
  }

  @Test
  void letsAPlaybookStopWhatItMaySeeAndStartNothing() throws Exception {
    var incident = KEYS.service("incident", Scope.READ, Scope.CHAOS_STOP);
    var body = "{\"experiment\":\"checkout-errors\",\"overrides\":{\"blind\":false}}";
    var open = start(body);

    assertThat(send("POST", "/api/v1/runs/stop-all", incident, "").statusCode()).isEqualTo(403);
    assertThat(send("POST", "/api/v1/runs", incident, body).statusCode()).isEqualTo(403);
    assertThat(send("POST", "/api/v1/runs/" + open + "/stop", incident, "").statusCode())
        .isEqualTo(202);
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(() ->
            assertThat(run(open).path("endReason").asString("")).isEqualTo("stopped by incident"));
  }

  @Test
  void letsNoPlaybookStopABlindRun() throws Exception {
    var incident = KEYS.service("incident", Scope.READ, Scope.CHAOS_STOP);
    var blind = start("{\"experiment\":\"checkout-errors\"}");

    assertThat(send("POST", "/api/v1/runs/" + blind + "/stop", incident, "").statusCode())
        .isEqualTo(404);
    assertThat(run(blind).path("endReason").asString("")).isEmpty();
  }

  @Test
  void refusesBadInputByPath() throws Exception {
    assertFault("{}", 400, "experiment");
    assertFault(
        "{\"experiment\":\"checkout-errors\",\"overrides\":{\"ratio\":7}}", 400, "overrides.ratio");
    assertFault("{\"experiment\":\"checkout-errors\",\"overrides\":[]}", 400, "overrides");
    assertThat(send("POST", "/api/v1/runs", sre, "{\"experiment\":\"nope\"}").statusCode())
        .isEqualTo(404);
    assertThat(send("GET", "/api/v1/runs/not-an-id", sre, null).statusCode()).isEqualTo(400);
    assertThat(
            send("GET", "/api/v1/runs/00000000-0000-0000-0000-000000000000", sre, null)
                .statusCode())
        .isEqualTo(404);
    assertThat(send("GET", "/api/v1/runs?limit=0", sre, null).statusCode()).isEqualTo(400);
  }

  @Test
  void wantsTheScopeChaosToStart() throws Exception {
    var body = "{\"experiment\":\"checkout-errors\"}";

    assertThat(send("POST", "/api/v1/runs", null, body).statusCode()).isEqualTo(401);
    var reader = KEYS.person("bob", Scope.READ, Scope.RESPOND);
    assertThat(send("POST", "/api/v1/runs", reader, body).statusCode()).isEqualTo(403);
    assertThat(send("POST", "/api/v1/runs/stop-all", reader, "").statusCode()).isEqualTo(403);
    assertThat(send("GET", "/api/v1/experiments", reader, null).body())
        .contains("checkout-errors")
        .contains("hypothesis");
  }

  @Test
  void waitsForNoAnswerOfTheDatabaseForEver() {
    assertThat(database.getDataSourceProperties()).containsKeys("connectTimeout", "socketTimeout");
  }

  @Test
  void theDatabaseKeepsWhatIsCommittedAndNoSessionWhoseClientIsGone() throws Exception {
    try (var connection = database.getConnection();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select current_setting('tcp_keepalives_idle'),"
                    + " current_setting('idle_in_transaction_session_timeout'),"
                    + " current_setting('synchronous_commit')")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("30");
      assertThat(rows.getString(2)).isEqualTo("5min");
      // The server of the tests is set to off.
      assertThat(rows.getString(3)).isEqualTo("on");
    }
  }

  private void assertFault(String body, int status, String path) throws Exception {
    var answer = send("POST", "/api/v1/runs", sre, body);

    assertThat(answer.statusCode()).as(body).isEqualTo(status);
    assertThat(read(answer).path("errors").path(0).path("path").asString()).isEqualTo(path);
  }

  private String start(String body) throws Exception {
    var answer = send("POST", "/api/v1/runs", sre, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return read(answer).path("id").asString();
  }

  private JsonNode run(String id) throws Exception {
    return read(send("GET", "/api/v1/runs/" + id, sre, null));
  }

  private JsonNode read(HttpResponse<String> answer) {
    return json.readTree(answer.body());
  }

  private HttpResponse<String> send(
      String method, String path, @Nullable String token, @Nullable String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
