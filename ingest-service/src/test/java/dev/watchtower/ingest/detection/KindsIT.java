package dev.watchtower.ingest.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.StubIncident.Received;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every kind of rule but thresholds, from samples at the door to signals at incident-service: each
 * fires and clears, with its evidence. Nothing but the catalog knows of the services.
 */
class KindsIT extends IngestContext {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
  private static final String COUNT = "http_server_requests_milliseconds_count";
  private static final String KINDS =
      """
      rules:
        - {name: kinds-mute, kind: no-data, after: 5s, services: [mute, dead], severity: SEV3}
        - {name: kinds-burn, kind: burn-rate, slos: [burner-answers], severity: SEV2}
        - {name: kinds-worse, kind: change, baseline: 10m, settle: 0s, window: 1m, watch: 30m,
           services: [shipped-worse], severity: SEV3}
        - {name: kinds-odd, kind: anomaly, services: [odd], severity: SEV4}
      """;
  private static final String SLO =
      """
      slos:
        - name: burner-answers
          title: The burner answers
          service: burner
          env: prod
          objective: 99
          period: 30d
          warm-up: 2m
          events:
            bad: sum(http_server_requests_milliseconds_count{service="$service",status="500"})
            total: sum(http_server_requests_milliseconds_count{service="$service"})
      """;

  @Autowired JdbcClient jdbc;
  private String before;

  @BeforeEach
  void watchThem() throws IOException {
    before = Files.readString(CATALOG);
    StringBuilder services = new StringBuilder("\nservices:\n");
    for (String name : List.of("mute", "dead", "burner", "shipped-worse", "odd")) {
      services.append("  - {name: " + name + ", environments: [prod]}\n");
    }
    Files.writeString(
        CATALOG,
        before
            .replace("\nservices:\n", services)
            .replace("\nrules:\n", "\n" + KINDS)
            .replace("\nslos:\n", "\n" + SLO));
    await()
        .atMost(LIMIT)
        .until(() ->
            slos().contains("burner-answers")
                && get("/api/v1/slo/burner-answers").path("complete").asBoolean());
  }

  @AfterEach
  void leaveThem() throws IOException {
    Files.writeString(CATALOG, before);
    await().atMost(LIMIT).until(() -> !slos().contains("burner-answers"));
  }

  private String slos() {
    return get("/api/v1/slo").toString();
  }

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

  private static String row(String service, String name, String labels, long ts, double value) {
    return """
    {"service":"%s","env":"prod","name":"%s","labels":{%s},"ts":%d,"value":%s}\
    """
        .formatted(service, name, labels, ts, value);
  }

  /** Ten requests a second, every five seconds of the time; half of them fail when {@code bad}. */
  private void requests(String service, long zero, long from, long to, LongPredicate bad) {
    List<String> rows = new ArrayList<>();
    double failed = 0;
    for (long s = 0; s <= (to - zero) / 1000; s += 5) {
      long ts = zero + s * 1000;
      failed += bad.test(ts) ? 25 : 0;
      if (ts >= from) {
        rows.add(row(service, COUNT, "\"status\":\"200\"", ts, 10 * s - failed));
        rows.add(row(service, COUNT, "\"status\":\"500\"", ts, failed));
      }
    }
    send(rows);
  }

  private List<Signal> told(String rule, String service) {
    return INCIDENT.about(service).stream()
        .map(Received::signal)
        .filter(s -> s.rule().equals(rule))
        .toList();
  }

  private Signal firing(SignalKind kind, String rule, String service) {
    await().atMost(LIMIT).until(() -> !told(rule, service).isEmpty());
    Signal fired = told(rule, service).getFirst();
    assertThat(fired.kind()).isEqualTo(kind);
    assertThat(fired.status()).isEqualTo(SignalStatus.FIRING);
    assertThat(fired.env()).isEqualTo("prod");
    assertThat(fired.evidence()).isNotNull();
    assertThat(fired.evidence().from()).isBefore(fired.evidence().to());
    assertThat(fired.evidence().expression()).isNotBlank();
    return fired;
  }

  /** The evidence with which it clears. */
  private SignalEvidence clears(Signal fired) {
    Supplier<Optional<Signal>> cleared =
        () ->
            told(fired.rule(), fired.service()).stream()
                .filter(s -> s.status() == SignalStatus.CLEARED)
                .filter(s -> s.fingerprint().equals(fired.fingerprint()))
                .findFirst();
    await().atMost(LIMIT).until(() -> cleared.get().isPresent());
    SignalEvidence evidence = cleared.get().orElseThrow().evidence();
    assertThat(evidence).isNotNull();
    assertThat(evidence.from()).isBeforeOrEqualTo(evidence.to());
    assertThat(evidence.to()).isAfter(fired.evidence().to());
    assertThat(evidence.expression()).isNotBlank();
    return evidence;
  }

  @Test
  void aSilentServiceIsMissedAndHeardAgain() {
    send(List.of(row("mute", "anything", "", clock.millis(), 1)));
    Signal fired = firing(SignalKind.NO_DATA, "kinds-mute", "mute");
    assertThat(fired.evidence().expression()).isEqualTo("no sample for 5 s");
    assertThat(fired.evidence().value()).as("seconds of silence").isBetween(5.0, 60.0);
    assertThat(fired.evidence().threshold()).isEqualTo(5);

    send(List.of(row("mute", "anything", "", clock.millis(), 2)));
    SignalEvidence over = clears(fired);
    assertThat(over.expression()).isEqualTo("no sample for 5 s");
    assertThat(over.value()).isLessThan(5);
    assertThat(over.threshold()).isEqualTo(5);
  }

  @Test
  void aDeadTargetIsMissedThoughItsScraperGoesOn() {
    String labels = "\"job\":\"dead\"";
    send(
        List.of(
            row("dead", "up", labels, clock.millis(), 1),
            row("dead", "anything", labels, clock.millis(), 1)));
    long[] sent = {0};
    await()
        .atMost(LIMIT)
        .until(() -> {
          if (clock.millis() - sent[0] > 1_000) {
            sent[0] = clock.millis();
            send(
                List.of(
                    row("dead", "up", labels, sent[0], 0),
                    row("dead", "scrape_samples_scraped", labels, sent[0], 0)));
          }
          return !told("kinds-mute", "dead").isEmpty();
        });
    Signal fired = firing(SignalKind.NO_DATA, "kinds-mute", "dead");

    send(List.of(row("dead", "anything", labels, clock.millis(), 2)));
    clears(fired);
  }

  @Test
  void aBudgetIsSpentTooFastAndNoLonger() {
    long zero = clock.millis() / 60_000 * 60_000 - Duration.ofMinutes(20).toMillis();
    long broken = zero + Duration.ofMinutes(8).toMillis();
    long mended = zero + Duration.ofMinutes(12).toMillis();
    LongPredicate bad = ts -> ts > broken && ts <= mended;
    requests("burner", zero, zero, mended, bad);

    Signal fired = firing(SignalKind.BURN_RATE, "kinds-burn", "burner");
    SignalEvidence evidence = fired.evidence();
    assertThat(evidence.labels())
        .containsEntry("slo", "burner-answers")
        .containsEntry("tier", "1h");
    assertThat(evidence.threshold()).isEqualTo(14.4);
    assertThat(evidence.value())
        .as("half of a third fails, one in a hundred may")
        .isBetween(15.0, 18.0);
    assertThat(evidence.expression()).contains("burn rate over 1h and 5m");
    assertThat(told("kinds-burn", "burner")).as("the slower tiers are held back").hasSize(1);

    requests("burner", zero, mended + 1, clock.millis(), bad);
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(
                    jdbc.sql("select what from rule_state where service = 'burner' and rule = ''")
                        .query(String.class)
                        .list())
                .as("what is learnt of it meanwhile is forgotten, after a restart too")
                .contains("TROUBLED"));
    SignalEvidence after = clears(fired);
    assertThat(after.threshold()).isEqualTo(14.4);
    assertThat(after.value()).isPositive();
    assertThat(after.expression()).contains("burn rate over 1h and 5m");
  }

  @Test
  void aDeploymentMadeItWorseAndThenItIsAsBefore() {
    long zero = clock.millis() / 5_000 * 5_000 - Duration.ofMinutes(12).toMillis();
    long deployed = zero + Duration.ofMinutes(6).toMillis();
    long mended = deployed + Duration.ofMinutes(2).toMillis();
    LongPredicate bad = ts -> ts > deployed && ts <= mended;
    requests("shipped-worse", zero, zero, mended, bad);
    String event =
        """
        {"specversion":"1.0","id":"kinds-1","source":"ci/kinds",
         "type":"dev.cdevents.service.deployed.0.2.0","time":"%s",
         "data":{"subject":{"id":"shipped-worse","content":{"environment":{"id":"prod"}}}}}
        """
            .formatted(Instant.ofEpochMilli(deployed));
    tell("application/cloudevents+json", event);
    // As many as a team's builds may be in a day, all newer.
    List<String> builds = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      builds.add(
          """
          {"specversion":"1.0","id":"build-%d","source":"ci/kinds","type":"com.example.built",
           "time":"%s","data":{"service":"builds"}}\
          """
              .formatted(i, Instant.ofEpochMilli(mended)));
    }
    tell("application/cloudevents-batch+json", "[" + String.join(",", builds) + "]");

    Signal fired = firing(SignalKind.CHANGE, "kinds-worse", "shipped-worse");
    SignalEvidence evidence = fired.evidence();
    assertThat(evidence.labels()).containsEntry("event", "kinds-1");
    assertThat(evidence.value()).as("after").isBetween(0.4, 0.55);
    assertThat(evidence.threshold()).as("before").isBetween(0.0, 0.01);
    assertThat(fired.summary()).contains("error_rate");

    requests("shipped-worse", zero, mended + 1, clock.millis(), bad);
    SignalEvidence after = clears(fired);
    assertThat(after.value()).as("after").isNotNull();
    assertThat(after.threshold()).as("before").isNotNull();
    assertThat(after.labels())
        .containsEntry("event", "kinds-1")
        .containsKeys("error_rate_before", "error_rate_after", "traffic_after");
    assertThat(Double.parseDouble(after.labels().get("error_rate_after"))).isLessThan(0.4);
  }

  private void tell(String type, String events) {
    HttpResponse<String> answer =
        post(
            "/api/v1/events",
            Map.of("Content-Type", type),
            events.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  @Test
  void aServiceIsUnusualAndThenAsUsual() {
    long zero = clock.millis() / 5_000 * 5_000 - Duration.ofMinutes(35).toMillis();
    int learnt = 300;
    List<String> rows = new ArrayList<>();
    for (int i = 0; i <= learnt; i++) {
      rows.addAll(gauges(zero + i * 5_000L, false, i));
    }
    send(rows);
    int[] known = {learnt};
    await()
        .atMost(LIMIT)
        .until(() -> {
          known[0] = next(zero, known[0], false);
          return !get("/api/v1/anomalies?service=odd").path("items").isEmpty();
        });
    int step = known[0];
    while (told("kinds-odd", "odd").isEmpty() && step < known[0] + 20) {
      step = next(zero, step, true);
    }
    Signal fired = firing(SignalKind.ANOMALY, "kinds-odd", "odd");
    assertThat(fired.evidence().value()).isGreaterThanOrEqualTo(0.6);
    assertThat(fired.evidence().threshold()).isEqualTo(0.6);
    assertThat(fired.evidence().labels()).containsKeys("cpu_value", "memory_expected");
    JsonNode odd = get("/api/v1/anomalies?service=odd").path("items").path(0);
    assertThat(odd.path("score").asDouble()).isBetween(0.5, 1.0);
    assertThat(odd.path("others").path("unusual").asInt(-1)).isNotNegative();
    assertThat(odd.path("others").path("known").isInt()).isTrue();

    for (int i = 0; i < 8; i++) {
      step = next(zero, step, false);
    }
    SignalEvidence after = clears(fired);
    assertThat(after.value()).as("nothing is unusual").isZero();
    assertThat(after.threshold()).isEqualTo(0.6);
    assertThat(after.expression()).as("a query").contains("(");
    assertThat(Double.parseDouble(after.labels().get("cpu_value"))).isBetween(0.1, 0.3);
    assertThat(after.labels()).containsKeys("cpu_expected", "cpu_score", "memory_value");
  }

  /** Sends the values of one more step, and waits until they were looked at. */
  private int next(long zero, int step, boolean odd) {
    long ts = zero + (step + 1) * 5_000L;
    send(gauges(ts, odd, step + 1));
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          JsonNode now = get("/api/v1/signals?service=odd&env=prod").path("items");
          return !now.isEmpty() && now.get(0).path("ts").asLong() >= ts;
        });
    return step + 1;
  }

  private static List<String> gauges(long ts, boolean odd, int i) {
    double wobble = 0.01 * ((i * 37) % 11 - 5) / 5;
    return List.of(
        row("odd", "process_cpu_usage", "", ts, 0.2 + wobble + (odd ? 0.6 : 0)),
        row(
            "odd",
            "jvm_memory_used_bytes",
            "\"area\":\"heap\"",
            ts,
            2e8 + 1e7 * wobble + (odd ? 6e8 : 0)),
        row("odd", "jvm_memory_max_bytes", "\"area\":\"heap\"", ts, 1e9));
  }
}
