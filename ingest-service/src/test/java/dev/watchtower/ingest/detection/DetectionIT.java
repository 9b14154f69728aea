package dev.watchtower.ingest.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.StubIncident.Received;
import dev.watchtower.ingest.query.live.SeriesTopic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From a sample at the door to a signal at incident-service, a live topic, a query. */
class DetectionIT extends IngestContext {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private String row(String service, String name, String labels, long ts, double value) {
    return """
    {"service":"%s","env":"prod","name":"%s","labels":{%s},"ts":%d,"value":%s}\
    """
        .formatted(service, name, labels, ts, value);
  }

  private void send(List<String> rows) {
    HttpResponse<String> answer =
        post(
            "/api/v1/metrics",
            Map.of("Content-Type", "application/json"),
            ("{\"samples\":[" + String.join(",", rows) + "]}").getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
  }

  private JsonNode get(String path) {
    HttpResponse<String> answer = send("GET", path, readToken(), Map.of(), null);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body());
  }

  private int status(String path) {
    return send("GET", path, readToken(), Map.of(), null).statusCode();
  }

  private @Nullable JsonNode signals(String service) {
    JsonNode items = get("/api/v1/signals?service=" + service + "&env=prod").path("items");
    return items.isEmpty() ? null : items.get(0);
  }

  private void requests(String service, long ts, double good, double bad) {
    String count = "http_server_requests_milliseconds_count";
    send(
        List.of(
            row(service, count, "\"status\":\"200\"", ts, good),
            row(service, count, "\"status\":\"500\"", ts, bad)));
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          JsonNode now = signals(service);
          return now != null && now.path("ts").asLong() >= ts;
        });
  }

  private List<Signal> told(String service) {
    return INCIDENT.about(service).stream().map(Received::signal).toList();
  }

  @BeforeEach
  void ready() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get("/health").at("/components/detection/details/deciding").asBoolean());
  }

  @Test
  void tellsIncidentServiceWhenAServiceFailsAndWhenItRecovers() {
    long base = clock.millis() - 60_000;
    INCIDENT.failNext(1);
    for (int s = 0; s <= 10; s++) {
      requests("pay", base + s * 1000, 10 * s, 0);
    }
    assertThat(signals("pay").at("/signals/error_rate").asDouble()).isZero();
    assertThat(signals("pay").at("/signals/traffic").asDouble()).isBetween(9.9, 10.1);
    for (int s = 11; s <= 16; s++) {
      requests("pay", base + s * 1000, 100, 10 * (s - 10));
    }
    await().atMost(LIMIT).until(() -> told("pay").size() == 1);

    Signal fired = told("pay").getFirst();
    assertThat(fired.kind()).isEqualTo(SignalKind.THRESHOLD);
    assertThat(fired.rule()).isEqualTo("high-error-rate");
    assertThat(fired.at().toEpochMilli()).isBetween(base + 11_000, base + 13_000);
    assertThat(fired.evidence().to()).isEqualTo(fired.at().plusSeconds(3));
    assertThat(fired.evidence().value()).isGreaterThan(0.05);
    assertThat(INCIDENT.about("pay").getFirst().authorization()).startsWith("Bearer ");

    for (int s = 17; s <= 40; s++) {
      requests("pay", base + s * 1000, 100 + 10 * (s - 16), 60);
    }
    await().atMost(LIMIT).until(() -> told("pay").size() == 2);

    Signal cleared = told("pay").getLast();
    assertThat(cleared.status()).isEqualTo(SignalStatus.CLEARED);
    assertThat(cleared.fingerprint()).isEqualTo(fired.fingerprint());
    JsonNode history =
        get(
            "/api/v1/signals/history?service=pay&env=prod&step=5s&from=%d&to=%d"
                .formatted(base, base + 40_000));
    assertThat(history.path("points").size()).isGreaterThan(5);
    assertThat(history.findValues("error_rate"))
        .anySatisfy(rate -> assertThat(rate.asDouble()).isGreaterThan(0.4));
  }

  @Test
  void tellsAtOnceWhereTheRuleHasNoPatienceAndEndsItWithTheRule() throws IOException {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String service = "queue" + i;
      long begin = System.nanoTime();
      send(List.of(row(service, "queue_depth", "\"q\":\"a\"", clock.millis(), 150 + i)));
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(2))
          .until(() -> !told(service).isEmpty());
      millis.add((INCIDENT.about(service).getFirst().nanos() - begin) / 1_000_000);
    }
    Signal fired = told("queue0").getFirst();
    assertThat(fired.evidence().labels()).containsEntry("q", "a");
    assertThat(fired.evidence().threshold()).isEqualTo(100.0);
    assertThat(millis.stream().sorted().toList().get(10))
        .as("median of %s ms from sending to incident-service", millis)
        .isLessThan(250);

    String catalog = Files.readString(CATALOG);
    Files.writeString(CATALOG, catalog.replace(QUEUE_RULE, ""));
    try {
      await().atMost(LIMIT).until(() -> told("queue0").size() == 2);
      assertThat(told("queue0").getLast().status()).isEqualTo(SignalStatus.CLEARED);
    } finally {
      Files.writeString(CATALOG, catalog);
    }
  }

  @Test
  void tellsABreachThatIsOverWhenItsSamplesComeAllAtOnce() {
    long base = clock.millis() / 5_000 * 5_000 - 65_000;
    List<String> rows = new ArrayList<>();
    for (int s = 0; s < 60; s++) {
      rows.add(row("late", "backlog", "", base + s * 1000, s >= 5 && s < 45 ? 150 : 10));
    }
    send(rows);
    await().atMost(LIMIT).until(() -> told("late").size() == 2);

    Signal fired = told("late").getFirst();
    assertThat(fired.at().toEpochMilli()).isEqualTo(base + 5_000);
    assertThat(fired.evidence().to().toEpochMilli()).isEqualTo(base + 10_000);
    assertThat(told("late").getLast().status()).isEqualTo(SignalStatus.CLEARED);
    assertThat(told("late").getLast().at().toEpochMilli()).isEqualTo(base + 45_000);
  }

  @Test
  void answersQueriesInPrometheusForm() {
    long now = clock.millis() / 1000 * 1000;
    send(
        List.of(
            row("web", "pages_total", "\"page\":\"a\"", now - 20_000, 5),
            row("web", "pages_total", "\"page\":\"a\"", now - 10_000, 25)));

    JsonNode answer =
        get("/api/v1/query?query=idelta(pages_total%5B1m%5D)&time=" + (now - 10_000) / 1000);
    assertThat(answer.path("status").asString()).isEqualTo("success");
    assertThat(answer.at("/data/result/0/metric/page").asString()).isEqualTo("a");
    assertThat(answer.at("/data/result/0/value/1").asString()).isEqualTo("20");
    assertThat(get("/api/v1/label/page/values").path("data").toString()).contains("\"a\"");
    assertThat(get("/api/v1/series?match%5B%5D=pages_total").at("/data/0/service").asString())
        .isEqualTo("web");
    assertThat(send("GET", "/api/v1/query?query=up", null, Map.of(), null).statusCode())
        .isEqualTo(401);
    HttpResponse<String> wrong =
        send("GET", "/api/v1/query?query=up%7B", readToken(), Map.of(), null);
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(JsonMapper.shared().readTree(wrong.body()).path("errorType").asString())
        .isEqualTo("bad_data");
  }

  @Test
  void refusesWhatItCannotAnswer() {
    for (String bad :
        List.of(
            "",
            "?service=a&env=b&from=x",
            "?service=a&env=b&step=0",
            "?service=a&env=b&from=1&to=0",
            "?service=a&env=b&step=1ms")) {
      assertThat(status("/api/v1/signals/history" + bad)).as(bad).isEqualTo(400);
    }
    assertThat(get("/api/v1/slo").path("items").findValuesAsString("name"))
        .containsExactly("checkout-availability", "storefront-availability");
    assertThat(status("/api/v1/slo/x")).isEqualTo(404);
  }

  @Test
  void publishesSignalsDetectionsAndRawSamplesLive() {
    Frames frames = new Frames();
    WebSocket socket = connected(frames);
    sendFrame(socket, "SUBSCRIBE\nid:1\ndestination:/topic/metrics.prod.live");
    sendFrame(socket, "SUBSCRIBE\nid:2\ndestination:/topic/detections");
    sendFrame(
        socket,
        "SUBSCRIBE\nid:3\nreceipt:r\ndestination:/topic/series\nmatch:queue_depth{service=\"live\"}\nsince-seq:1");
    await().atMost(LIMIT).until(() -> frames.has("RECEIPT"));
    await().atMost(LIMIT).until(() -> frames.has("/topic/series", "{\"reset\":true}"));

    long now = clock.millis();
    send(
        List.of(
            row("live", "queue_depth", "", now, 101),
            row("live", "process_cpu_usage", "", now, 0.25)));

    await().atMost(LIMIT).until(() -> frames.has("/topic/metrics.prod.live", "\"cpu\":0.25"));
    await().atMost(LIMIT).until(() -> frames.has("/topic/series", "queue_depth", "\"101\""));
    await().atMost(LIMIT).until(() -> frames.has("/topic/detections", "\"service\":\"live\""));
    assertThat(frames.has("process_cpu_usage")).isFalse();
    socket.abort();
  }

  @Test
  void refusesWhoListensToTooManySelectors() {
    Frames frames = new Frames();
    WebSocket socket = connected(frames);
    String subscribe = "SUBSCRIBE\nid:%s\nreceipt:%s.\ndestination:/topic/series\nmatch:%s";
    for (int i = 0; i < SeriesTopic.MAX_EACH; i++) {
      sendFrame(socket, subscribe.formatted(i, i, "made_up_" + i));
    }
    sendFrame(socket, subscribe.formatted("again", "again", "made_up_0"));
    await().atMost(LIMIT).until(() -> frames.has("RECEIPT", "again."));
    assertThat(frames.has("RECEIPT", "receipt-id:" + (SeriesTopic.MAX_EACH - 1) + ".")).isTrue();
    sendFrame(socket, subscribe.formatted("over", "over", "made_up_over"));
    await().atMost(LIMIT).until(() -> frames.has("ERROR", "too many selectors"));
    socket.abort();
  }

  @Test
  void givesTheFirstHundredSeriesAndCountsTheOthers() {
    send(manySeries());
    Frames frames = new Frames();
    WebSocket socket = connected(frames);
    sendFrame(socket, "SUBSCRIBE\nid:1\nreceipt:r\ndestination:/topic/series\nmatch:many_series");
    await().atMost(LIMIT).until(() -> frames.has("RECEIPT"));

    send(manySeries());

    await().atMost(LIMIT).until(() -> frames.has("/topic/series", "\"leftOut\":30"));
    assertThat(frames.has("ERROR")).isFalse();
    socket.abort();
  }

  @Test
  void namesItsTopicsToWhoListensToAnother() {
    Frames frames = new Frames();
    WebSocket socket = connected(frames);

    sendFrame(socket, "SUBSCRIBE\nid:1\ndestination:/topic/detection");

    await().atMost(LIMIT).until(() -> frames.has("ERROR", "/topic/detections", "/topic/series"));
    socket.abort();
  }

  private List<String> manySeries() {
    long now = clock.millis();
    return IntStream.range(0, SeriesTopic.MAX_SERIES + 30)
        .mapToObj(i -> row("many", "many_series", "\"i\":\"" + i + "\"", now, 1))
        .toList();
  }

  private WebSocket connected(Frames frames) {
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), frames)
            .join();
    sendFrame(
        socket, "CONNECT\naccept-version:1.2\nhost:x\nAuthorization:Bearer " + token(Scope.READ));
    await().atMost(LIMIT).until(() -> frames.has("CONNECTED"));
    return socket;
  }

  private static void sendFrame(WebSocket socket, String head) {
    socket.sendText(head + "\n\n\0", true).join();
  }

  /** The text that came, frame by frame. */
  private static final class Frames implements WebSocket.Listener {
    private final List<String> all = new CopyOnWriteArrayList<>();
    private final StringBuilder part = new StringBuilder();

    boolean has(String... words) {
      return all.stream().anyMatch(frame -> List.of(words).stream().allMatch(frame::contains));
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      part.append(text);
      if (last) {
        all.addAll(List.of(part.toString().split("\0", -1)));
        part.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      return onText(socket, StandardCharsets.UTF_8.decode(data), last);
    }
  }
}
