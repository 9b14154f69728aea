package dev.watchtower.analysis;

import dev.watchtower.analysis.support.ModelStandIn;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.analysis.support.ShopTelemetry;
import dev.watchtower.analysis.support.StubServer;
import dev.watchtower.analysis.support.StubServer.Answer;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.test.MutableClock;
import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.common.test.TestKeys;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.IncidentView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole service on real PostgreSQL with stand-in ingest, incident and model servers. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(RunningService.TestClock.class)
abstract class RunningService {
  static final Duration DEADLINE = Duration.ofSeconds(6);
  static final TestKeys KEYS = new TestKeys();
  static final PostgresSupport.Db DB = PostgresSupport.database();
  static final MutableClock CLOCK = MutableClock.ofAFixedDay();
  static final ShopTelemetry INGEST = new ShopTelemetry();
  static final StubServer INCIDENTS = new StubServer();
  static final ModelStandIn MODEL = new ModelStandIn();
  static final Map<UUID, IncidentView> KNOWN = new ConcurrentHashMap<>();
  static final AtomicInteger REFUSALS = new AtomicInteger();

  @LocalServerPort int port;
  @Autowired JdbcClient jdbc;
  @Autowired JsonMapper json;

  private final HttpClient http = HttpClient.newHttpClient();

  /** The settable clock in the place of the system's. */
  @TestConfiguration(proxyBeanMethods = false)
  static class TestClock {
    @Bean
    @Primary
    Clock clock() {
      return CLOCK;
    }
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) throws IOException {
    DB.register(registry);
    KEYS.register(registry);
    var catalog = KEYS.dataDir().resolve("watchtower.yaml");
    Files.writeString(
        catalog,
        Files.readString(Path.of("../config/watchtower.yaml"))
            .replace("deadline: 20s", "deadline: " + DEADLINE.toSeconds() + "s"));
    registry.add("watchtower.catalog", catalog::toString);
    registry.add("watchtower.peers.ingest", INGEST.server()::url);
    registry.add("watchtower.peers.incident", INCIDENTS::url);
    registry.add("watchtower.analysis.sweep-every", () -> "50ms");
    registry.add("watchtower.analysis.workers", () -> "2");
    registry.add("watchtower.analysis.queue", () -> "3");
    registry.add("spring.ai.openai.base-url", MODEL.server()::url);
    registry.add("server.port", () -> "0");
  }

  private static boolean warm;

  /** The first request and the first question to a model load thousands of classes. */
  @BeforeEach
  void warmUp() throws Exception {
    if (!warm) {
      quiet();
      MODEL.says("{}", 0);
      var incident = Samples.incident("storefront", CLOCK.instant());
      ask(incident);
      result(incident);
      warm = true;
    }
    quiet();
  }

  private void quiet() {
    // A breaker that an earlier test opened closes again.
    CLOCK.advance(Duration.ofMinutes(5));
    INGEST.heal();
    INCIDENTS.forget();
    REFUSALS.set(0);
    MODEL.server().answering(r -> new Answer(500, "{}"));
    INCIDENTS.answering(r -> {
      if (r.method().equals("POST")) {
        return REFUSALS.getAndDecrement() > 0 ? new Answer(503, "{}") : new Answer(204, "");
      }
      if (r.path().equals("/api/v1/incidents")) {
        return new Answer(200, "{\"items\":[],\"next\":null}");
      }
      var id = UUID.fromString(r.path().substring(r.path().lastIndexOf('/') + 1));
      var known = KNOWN.get(id);
      return known == null
          ? new Answer(404, "{}")
          : new Answer(200, json.writeValueAsString(known));
    });
  }

  /** An answer of the service. */
  record Reply(int status, HttpResponse<String> raw, JsonNode body) {}

  Reply call(String method, String path, Object body, Scope... scopes) throws Exception {
    return callWith(Map.of(), method, path, body, scopes);
  }

  Reply callWith(
      Map<String, String> headers, String method, String path, Object body, Scope... scopes)
      throws Exception {
    var text = body instanceof String raw ? raw : body == null ? "" : json.writeValueAsString(body);
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.ofString(text));
    headers.forEach(request::header);
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (scopes.length > 0) {
      var issuer = scopes[0] == Scope.ANALYSIS_REQUEST ? "incident" : "monitor";
      var subject = issuer.equals("incident") ? "service:incident" : "user:ann";
      request.header(
          "Authorization", "Bearer " + KEYS.token(issuer, subject, "*", CLOCK.instant(), scopes));
    }
    var raw = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Reply(
        raw.statusCode(), raw, raw.body().isEmpty() ? json.nullNode() : json.readTree(raw.body()));
  }

  /** Asks for an analysis as incident-service does. */
  UUID ask(IncidentView incident) throws Exception {
    var reply =
        call(
            "POST",
            "/api/v1/analyses",
            Map.of("incidentId", incident.id(), "incident", incident),
            Scope.ANALYSIS_REQUEST);
    if (reply.status != 202) {
      throw new AssertionError("refused: " + reply.raw.body());
    }
    return UUID.fromString(reply.body.path("id").asString());
  }

  /** What incident-service was told of the incident, in order. */
  List<AnalysisView> told(IncidentView incident) {
    return INCIDENTS.requests().stream()
        .filter(r -> r.method().equals("POST"))
        .filter(r -> r.path().equals("/api/v1/incidents/" + incident.id() + "/analysis"))
        .map(r -> json.readValue(r.body(), AnalysisView.class))
        .toList();
  }

  /** The first result that incident-service is told. */
  AnalysisView result(IncidentView incident) {
    return Awaitility.await("the result at incident-service")
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> told(incident), list -> !list.isEmpty())
        .getFirst();
  }
}
