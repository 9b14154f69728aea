package dev.watchtower.ingest.doors.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Scope;
import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.context.support.ServletRequestHandledEvent;
import tools.jackson.databind.json.JsonMapper;

/**
 * Remote write is answered alike whichever way it goes; a token as a password goes the long one.
 */
class WriteDoorIT extends IngestContext {
  private static final String PATH = "/api/v1/write";
  private static final String TYPE = "application/x-protobuf";
  private static final String TYPE_2 =
      "application/x-protobuf;proto=io.prometheus.write.v2.Request";

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Autowired private ConfigurableApplicationContext context;

  private HttpResponse<String> write(String authorization, String type, byte[] body) {
    return send(
        "POST",
        PATH,
        null,
        Map.of("Authorization", authorization, "Content-Type", type, "Content-Encoding", "snappy"),
        body);
  }

  private HttpResponse<String> shortly(String token, String type, byte[] body) {
    return write("Bearer " + token, type, body);
  }

  private HttpResponse<String> atLength(String token, String type, byte[] body) {
    var pair = ("any:" + token).getBytes(StandardCharsets.UTF_8);
    return write("Basic " + Base64.getEncoder().encodeToString(pair), type, body);
  }

  private static Map<String, List<String>> headers(HttpResponse<String> answer) {
    var headers = new HashMap<>(answer.headers().map());
    headers.remove("date");
    return headers;
  }

  private static String body(HttpResponse<String> answer) {
    return answer.body().replaceAll("\"traceId\":\"[0-9a-f]{32}\"", "");
  }

  private byte[] sample(String name, long ts) {
    return new WriteRequests().series(Map.of("__name__", name), ts, 1).body();
  }

  private int assertAlike(String token, String type, byte[] body) {
    var atLength = atLength(token, type, body);
    var shortly = shortly(token, type, body);
    assertThat(shortly.statusCode()).isEqualTo(atLength.statusCode());
    assertThat(headers(shortly)).isEqualTo(headers(atLength));
    assertThat(body(shortly)).isEqualTo(body(atLength));
    return shortly.statusCode();
  }

  @Test
  void bothWaysAnswerAlike() {
    var token = writeToken();
    var good = sample("both_ways", now());
    var claim = new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 0, 0};
    var second = WriteRequests.version2(List.of(Map.of("__name__", "both_ways2")), now(), 7);
    var nameless = new WriteRequests().series(Map.of("job", "nameless"), now(), 1).body();

    // The second time each of these is there already, which is no fault.
    assertThat(assertAlike(token, TYPE, good)).isEqualTo(204);
    assertThat(atLength(token, TYPE_2, WriteRequests.compress(second)).statusCode()).isEqualTo(204);
    assertThat(assertAlike(token, TYPE_2, WriteRequests.compress(second))).isEqualTo(204);
    assertThat(assertAlike(token, TYPE, sample("too_old", now() - 400L * 86_400_000)))
        .isEqualTo(400);
    assertThat(assertAlike(token, TYPE, nameless)).isEqualTo(400);
    assertThat(assertAlike(token, TYPE, new byte[] {1, 2, 3})).isEqualTo(400);
    assertThat(assertAlike(token, TYPE, new byte[0])).isEqualTo(400);
    assertThat(assertAlike(token, TYPE, claim)).isEqualTo(413);
    assertThat(assertAlike(token, "text/plain", good)).isEqualTo(415);
    assertThat(assertAlike(token, "*/*", good)).isEqualTo(415);
  }

  @Test
  void whoMayNotGoTheShortWayIsToldOnTheLongOne() {
    var good = sample("not_allowed", now());

    assertThat(assertAlike(token(Scope.READ), TYPE, good)).isEqualTo(403);
    assertThat(assertAlike("wt_nothing", TYPE, good)).isEqualTo(401);
    assertThat(send("POST", PATH, null, Map.of("Content-Type", TYPE), good).statusCode())
        .isEqualTo(401);
    assertThat(send("PUT", PATH, writeToken(), Map.of("Content-Type", TYPE), good).statusCode())
        .isEqualTo(405);
    var matchers = List.of(Matcher.eq(Labels.METRIC_NAME, "not_allowed"));
    var instant = Instant.ofEpochMilli(now());
    assertThat(store.select(matchers, instant, instant, 1)).isEmpty();
  }

  @Test
  void onlyTheLongWayPassesTheDispatcherAndBothAreMeasuredUnderTheirPath() {
    var handled = new AtomicInteger();
    ApplicationListener<ServletRequestHandledEvent> count =
        event -> handled.addAndGet(event.getRequestUrl().equals(PATH) ? 1 : 0);
    context.addApplicationListener(count);
    try {
      double before = measured();
      shortly(writeToken(), TYPE, sample("measured", now()));
      shortly(writeToken(), TYPE, sample("measured", now()));
      atLength(writeToken(), TYPE, sample("measured", now()));

      await().until(() -> handled.get() > 0);
      await().untilAsserted(() -> assertThat(measured()).isEqualTo(before + 3));
      assertThat(handled).hasValue(1);
    } finally {
      context.removeApplicationListener(count);
    }
  }

  private double measured() {
    return metric("http_server_requests_seconds_count", "uri=\"" + PATH + "\"", "status=\"204\"");
  }

  @Test
  void whatWasTakenIsNotToldInTheLogButWhatWasRefusedIs() {
    shortly(writeToken(), TYPE, sample("quiet", now()));
    atLength(writeToken(), TYPE, sample("quiet", now()));
    shortly(writeToken(), TYPE, new byte[] {1, 2, 3});

    await()
        .untilAsserted(
            () -> assertThat(statuses(PATH, "machine:sender")).contains(400).doesNotContain(204));
  }

  /** OTLP answers 200 then. Other tests have such requests too, so it is somebody of its own. */
  @Test
  void whatWasRefusedInPartIsToldInTheLog() {
    otlp("quiet", now());
    otlp("quiet", now() - 400L * 86_400_000);

    await()
        .untilAsserted(
            () -> assertThat(statuses(OtlpController.PATH, "machine:partly")).containsExactly(200));
  }

  private void otlp(String name, long ts) {
    var body =
        """
        {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"%s","gauge":{"dataPoints":[
          {"timeUnixNano":"%d000000","asInt":"1"}]}}]}]}]}
        """
            .formatted(name, ts);
    var headers = Map.of("Content-Type", OtlpController.JSON);
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    var answer = send("POST", OtlpController.PATH, writeToken("partly"), headers, bytes);
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  /** As the log tells of the requests that one has made to a door. */
  private List<Integer> statuses(String path, String user) {
    var lines = send("GET", "/logs?limit=200", token(Scope.RESPOND), Map.of(), null).body();
    return JSON.readTree(lines)
        .get("items")
        .valueStream()
        .map(line -> line.path("fields"))
        .filter(fields -> fields.path("path").asString("").equals(path))
        .filter(fields -> fields.path("user").asString("").equals(user))
        .map(fields -> fields.path("status").asInt())
        .toList();
  }
}
