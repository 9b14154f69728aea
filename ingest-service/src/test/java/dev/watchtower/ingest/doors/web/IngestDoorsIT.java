package dev.watchtower.ingest.doors.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class IngestDoorsIT extends IngestContext {
  static final Map<String, String> REMOTE_WRITE =
      Map.of("Content-Type", "application/x-protobuf", "Content-Encoding", "snappy");
  static final Map<String, String> REMOTE_WRITE_2 =
      Map.of(
          "Content-Type",
          "application/x-protobuf;proto=io.prometheus.write.v2.Request",
          "Content-Encoding",
          "snappy");
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  @Test
  void storesRemoteWriteAndAnswers204() {
    var body =
        new WriteRequests()
            .series(
                Map.of("__name__", "rw1_total", "job", "checkout", "environment", "prod"),
                now() - 1000,
                1,
                now(),
                2)
            .body();

    var answer = post("/api/v1/write", REMOTE_WRITE, body);

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    var series = only("rw1_total");
    assertThat(series.labels().service()).isEqualTo("checkout");
    assertThat(series.labels().env()).isEqualTo("prod");
    assertThat(samples("rw1_total").values()).containsExactly(1, 2);
  }

  @Test
  void storesRemoteWrite2AndCountsInItsHeaders() {
    var body =
        WriteRequests.compress(
            WriteRequests.version2(
                List.of(
                    Map.of("__name__", "rw2", "service", "a"),
                    Map.of("__name__", "rw2", "service", "b")),
                now(),
                7));

    var answer = post("/api/v1/write", REMOTE_WRITE_2, body);

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
        .contains("2");
    assertThat(answer.headers().firstValue("X-Prometheus-Remote-Write-Histograms-Written"))
        .contains("0");
  }

  @Test
  void refusesAVersionThatItDoesNotKnowInsteadOfReadingItAsEmpty() {
    var body = WriteRequests.compress(WriteRequests.version2(List.of(), now(), 7));

    for (var type :
        List.of("application/x-protobuf;proto=io.prometheus.write.v3.Request", "text/plain")) {
      var answer =
          post("/api/v1/write", Map.of("Content-Type", type, "Content-Encoding", "snappy"), body);
      assertThat(answer.statusCode()).as(type).isEqualTo(415);
    }
  }

  /** As npm's prometheus-remote-write sends it, and as others want it instead. */
  @Test
  void takesABodyWithoutTheNameOfItsEncodingForSnappyAndNothingElseForIt() {
    var type = "application/x-protobuf";
    var body = new WriteRequests().series(Map.of("__name__", "unnamed"), now(), 3).body();

    var unnamed = post("/api/v1/write", Map.of("Content-Type", type), body);
    assertThat(unnamed.statusCode()).isEqualTo(204);
    assertThat(samples("unnamed").values()).containsExactly(3);

    var plain = post("/api/v1/write", Map.of("Content-Type", type), new byte[] {10, 3, 10, 1, 7});
    assertThat(plain.statusCode()).isEqualTo(400);
    assertThat(plain.body()).contains("snappy");

    // Newer versions of vmagent begin so, and go over to snappy when it is answered like this.
    var zstd = Map.of("Content-Type", type, "Content-Encoding", "zstd");
    assertThat(post("/api/v1/write", zstd, body).statusCode()).isEqualTo(415);
  }

  @Test
  void refusesOneVersionUnderTheNameOfTheOtherInsteadOfReadingItAsEmpty() {
    var first = new WriteRequests().series(Map.of("__name__", "misnamed"), now(), 1).body();
    var second =
        WriteRequests.compress(
            WriteRequests.version2(List.of(Map.of("__name__", "misnamed")), now(), 1));

    assertThat(post("/api/v1/write", REMOTE_WRITE_2, first).statusCode()).isEqualTo(400);
    assertThat(post("/api/v1/write", REMOTE_WRITE, second).body()).contains("v2.Request");
  }

  @Test
  void storesTheGoodSamplesAndSaysWhyTheOthersWereRefused() {
    var body =
        new WriteRequests()
            .series(Map.of("__name__", "partly_good"), now(), 1)
            .series(Map.of("nameless", "x"), now(), 1)
            .histogram(Map.of("__name__", "native"), new byte[] {32, (byte) 0xc7, 1})
            .body();

    var answer = post("/api/v1/write", REMOTE_WRITE, body);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("bad-labels")
        .contains("exponential histogram of scale -100");
    assertThat(answer.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
        .contains("1");
    assertThat(samples("partly_good").size()).isEqualTo(1);
  }

  @Test
  void storesNativeHistogramsAsClassicOnesAndCountsThem() {
    var labels = Map.of("__name__", "native_seconds", "service", "a", "env", "prod");
    var histogram = WriteRequests.nativeHistogram(now());

    var first =
        post(
            "/api/v1/write", REMOTE_WRITE, new WriteRequests().histogram(labels, histogram).body());
    var again =
        post(
            "/api/v1/write",
            REMOTE_WRITE_2,
            WriteRequests.compress(WriteRequests.histograms2(List.of(labels), histogram)));

    assertThat(first.statusCode()).isEqualTo(204);
    assertThat(again.statusCode()).isEqualTo(204);
    assertThat(again.headers().firstValue("X-Prometheus-Remote-Write-Histograms-Written"))
        .contains("1");
    assertThat(again.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
        .contains("0");
    assertThat(samples("native_seconds_count").values()).containsExactly(3);
    assertThat(samples("native_seconds_sum").values()).containsExactly(2.5);
    assertThat(find("native_seconds_bucket"))
        .extracting(s -> s.labels().get("le") + "=" + value(s))
        .contains("0.5=1.0", "1=2.0", "2=3.0", "+Inf=3.0");
  }

  @Test
  void storesNothingOfAMalformedRequest() {
    var raw =
        new WriteRequests()
            .series(Map.of("__name__", "never_stored"), now(), 1)
            .series(Map.of("__name__", "never_stored_2"), now(), 1)
            .raw();
    var cut = WriteRequests.compress(Arrays.copyOf(raw, raw.length - 3));

    assertThat(post("/api/v1/write", REMOTE_WRITE, cut).statusCode()).isEqualTo(400);
    assertThat(post("/api/v1/write", REMOTE_WRITE, raw).statusCode()).isEqualTo(400);
    assertThat(post("/api/v1/write", REMOTE_WRITE, new byte[0]).statusCode()).isEqualTo(400);
    assertThat(find("never_stored")).isEmpty();
  }

  @Test
  void refusesBombs() throws IOException {
    // Claims 4 GiB less one byte.
    var claim = new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f, 0, 0};
    assertThat(post("/api/v1/write", REMOTE_WRITE, claim).statusCode()).isEqualTo(413);
    // Claims 1 MiB in seven bytes.
    var small = new byte[] {(byte) 0x80, (byte) 0x80, 0x40, 0, 0, 0, 0};
    assertThat(post("/api/v1/write", REMOTE_WRITE, small).statusCode()).isEqualTo(400);

    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      var megabyte = new byte[1 << 20];
      for (var i = 0; i < 65; i++) {
        gzip.write(megabyte);
      }
    }
    var headers = Map.of("Content-Type", "application/json", "Content-Encoding", "gzip");
    assertThat(post("/api/v1/metrics", headers, bytes.toByteArray()).statusCode()).isEqualTo(413);
  }

  @Test
  void storesPlainJson() {
    var body =
        """
        {"samples":[{"service":"checkout","env":"prod","name":"queue_depth",
          "labels":{"queue":"mail"},"ts":%d,"value":3.2}]}
        """
            .formatted(now());

    assertThat(json(body).statusCode()).isEqualTo(204);
    assertThat(only("queue_depth").labels().get("queue")).isEqualTo("mail");
    assertThat(samples("queue_depth").values()).containsExactly(3.2);
  }

  @Test
  void namesThePlaceOfAFaultInJson() {
    var answer =
        json(
            """
            {"samples":[{"name":"fine","value":1},{"name":"faulty","value":"three"}]}
            """);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("samples[1].value");
    assertThat(find("fine")).isEmpty();
  }

  @Test
  void wantsATokenWithTheRightScope() {
    var body = "{\"samples\":[]}".getBytes(StandardCharsets.UTF_8);

    assertThat(send("POST", "/api/v1/metrics", null, JSON, body).statusCode()).isEqualTo(401);
    assertThat(send("POST", "/api/v1/metrics", readToken(), JSON, body).statusCode())
        .isEqualTo(403);
  }

  /** As Icinga's OTLPMetricsWriter sends it, which knows no other way. */
  @Test
  void takesTheTokenAsThePasswordOfBasic() {
    assertThat(basic("icinga:" + writeToken())).isEqualTo(200);
    assertThat(basic("icinga:" + readToken())).isEqualTo(403);
    assertThat(basic("icinga:secret")).isEqualTo(401);
  }

  private int basic(String pair) {
    var encoded = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    var headers =
        Map.of("Content-Type", "application/x-protobuf", "Authorization", "Basic " + encoded);
    return send("POST", "/v1/metrics", null, headers, new byte[0]).statusCode();
  }

  @Test
  void accountsForEverySample() {
    var before = accounts();
    json("{\"samples\":[{\"name\":\"accounted\",\"ts\":%d,\"value\":1}]}".formatted(now()));
    json("{\"samples\":[{\"name\":\"accounted\",\"ts\":%d,\"value\":1}]}".formatted(now()));
    json("{\"samples\":[{\"name\":\"accounted\",\"ts\":%d,\"value\":2}]}".formatted(now()));
    post(
        "/api/v1/write",
        REMOTE_WRITE,
        new WriteRequests().series(Map.of("nameless", "x"), now(), 1, now() + 1, 1).body());
    var after = accounts();

    assertThat(after[0]).isEqualTo(before[0] + 5);
    assertThat(after[0]).isEqualTo(after[1]);
    var metrics = send("GET", "/metrics", readToken(), Map.of(), null).body();
    assertThat(metrics)
        .contains("watchtower_ingest_samples_received_total")
        .contains("reason=\"conflict\"");
  }

  @Test
  void isReady() {
    var health = send("GET", "/health/readiness", null, Map.of(), null);

    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(health.body()).contains("\"storage\"").contains("\"db\"").contains("\"migration\"");
  }

  private HttpResponse<String> json(String body) {
    return post("/api/v1/metrics", JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  private double value(dev.watchtower.ingest.series.Series series) {
    return store.read(series, now() - 3_600_000, now() + 3_600_000).value(0);
  }

  private List<dev.watchtower.ingest.series.Series> find(String name) {
    return store.select(
        List.of(Matcher.eq(Labels.METRIC_NAME, name)),
        Instant.ofEpochMilli(now() - 3_600_000),
        Instant.ofEpochMilli(now() + 3_600_000),
        100);
  }

  private dev.watchtower.ingest.series.Series only(String name) {
    assertThat(find(name)).hasSize(1);
    return find(name).getFirst();
  }

  private Samples samples(String name) {
    return store.read(only(name), now() - 3_600_000, now() + 3_600_000);
  }
}
