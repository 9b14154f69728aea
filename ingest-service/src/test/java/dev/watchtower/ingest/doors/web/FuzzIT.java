package dev.watchtower.ingest.doors.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.doors.BodyReader;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Damaged requests, from fixed seeds: every one is answered, none with a 5xx, none after long. */
class FuzzIT extends IngestContext {
  private static final int ROUNDS = 60;
  private static long held;

  @Autowired private BodyReader bodies;

  private static final Map<String, String> SNAPPY =
      Map.of("Content-Type", "application/x-protobuf", "Content-Encoding", "snappy");
  private static final Map<String, String> SNAPPY_2 =
      Map.of(
          "Content-Type",
          "application/x-protobuf;proto=io.prometheus.write.v2.Request",
          "Content-Encoding",
          "snappy");

  @AfterEach
  void everySampleIsAccountedFor() {
    var accounts = accounts();
    assertThat(accounts[1]).isEqualTo(accounts[0]);
  }

  @AfterEach
  void allRoomIsGivenBack() {
    assertThat(bodies.heldBytes()).isZero();
  }

  /** What damaged requests leave behind is little. */
  @AfterAll
  static void nothingIsHeld() {
    assertThat(heldBytes()).isLessThan(held + (32L << 20));
  }

  @BeforeEach
  void countWhatIsHeld() {
    if (held == 0) {
      held = heldBytes();
    }
  }

  private static long heldBytes() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  @Test
  void remoteWriteCompressed() {
    fuzz(1, "/api/v1/write", SNAPPY, writeRequest().body(), b -> b);
  }

  @Test
  void remoteWriteInside() {
    fuzz(2, "/api/v1/write", SNAPPY, writeRequest().raw(), WriteRequests::compress);
  }

  @Test
  void remoteWrite2Inside() {
    var raw =
        WriteRequests.version2(
            List.of(Map.of("__name__", "fuzz2", "a", "b"), Map.of("__name__", "fuzz2", "a", "c")),
            now(),
            3);
    fuzz(3, "/api/v1/write", SNAPPY_2, raw, WriteRequests::compress);
  }

  @Test
  void nativeHistogramsOfBothVersions() {
    var labels = Map.of("__name__", "fuzz_native", "job", "f");
    var histogram = WriteRequests.nativeHistogram(now());
    fuzz(
        9,
        "/api/v1/write",
        SNAPPY,
        new WriteRequests().histogram(labels, histogram).raw(),
        WriteRequests::compress);
    fuzz(
        10,
        "/api/v1/write",
        SNAPPY_2,
        WriteRequests.histograms2(List.of(labels), histogram),
        WriteRequests::compress);
  }

  @Test
  void otlpProtobuf() {
    fuzz(4, "/v1/metrics", Map.of("Content-Type", "application/x-protobuf"), otlp(), b -> b);
  }

  @Test
  void otlpJson() {
    var body =
        """
        {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":
          {"arrayValue":{"values":[{"intValue":"3"},{"kvlistValue":{"values":[]}}]}}}]},
         "scopeMetrics":[{"metrics":[{"name":"f","histogram":{"aggregationTemporality":1,
           "dataPoints":[{"timeUnixNano":"%d000000","count":"3","sum":1.5,
            "bucketCounts":["1",2],"explicitBounds":[0.1]}]}}]}]}]}
        """
            .formatted(now());
    fuzz(5, "/v1/metrics", Map.of("Content-Type", "application/json"), utf8(body), b -> b);
  }

  @Test
  void otlpSumsAndSummariesZipped() {
    var body =
        """
        {"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":
          {"stringValue":"fuzz"}}]},"scopeMetrics":[{"scope":{"name":"s","version":"1"},"metrics":[
           {"name":"fs","sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[
            {"startTimeUnixNano":"1","timeUnixNano":"%1$d000000","asInt":"7","flags":0}]}},
           {"name":"fd","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[
            {"startTimeUnixNano":"%1$d000000","timeUnixNano":"%1$d000001","asDouble":1e3}]}},
           {"name":"fq","summary":{"dataPoints":[{"timeUnixNano":"%1$d000000","count":"3","sum":2,
            "quantileValues":[{"quantile":0.5,"value":1},{"quantile":1,"value":"NaN"}]}]}},
           {"name":"fx","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[
            {"timeUnixNano":"%1$d000000","count":"3","sum":2,"scale":2,"zeroCount":"1",
             "positive":{"offset":-3,"bucketCounts":["1","1"]}}]}}]}]}]}
        """
            .formatted(now());
    var json = Map.of("Content-Type", "application/json");
    fuzz(14, "/v1/metrics", json, utf8(body), b -> b);
    var zipped = Map.of("Content-Type", "application/json", "Content-Encoding", "gzip");
    fuzz(15, "/v1/metrics", zipped, zipped(utf8(body)), b -> b);
    fuzz(16, "/v1/metrics", zipped, utf8(body), FuzzIT::zipped);
  }

  static byte[] zipped(byte[] body) {
    var bytes = new java.io.ByteArrayOutputStream();
    try (var out = new java.util.zip.GZIPOutputStream(bytes)) {
      out.write(body);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Test
  void plainJson() {
    var body =
        """
        {"samples":[{"service":"fuzz","env":"prod","name":"n","labels":{"a":"b"},"ts":%d,
          "value":3.25e1},{"name":"\\ud83d\\ude00","value":"NaN"}]}
        """
            .formatted(now());
    fuzz(6, "/api/v1/metrics", Map.of("Content-Type", "application/json"), utf8(body), b -> b);
  }

  @Test
  void gzip() {
    var headers = Map.of("Content-Type", "application/json", "Content-Encoding", "gzip");
    var body = zipped(utf8("{\"samples\":[{\"name\":\"zipped\",\"value\":1}]}"));
    fuzz(7, "/api/v1/metrics", headers, body, b -> b);
  }

  @Test
  void cloudEvents() {
    var body =
        """
        {"specversion":"1.0","id":"fz","source":"/f","type":"dev.cdevents.service.deployed.0.3.0",
         "time":"2026-01-01T00:00:00Z","subject":"s","data":{"subject":{"id":"a/b","content":
         {"environment":{"id":"prod"},"artifactId":"x","n":[1e3,null,true,"\\u00e9"]}}}}
        """;
    fuzz(
        8,
        "/api/v1/events",
        Map.of("Content-Type", "application/cloudevents+json"),
        utf8(body),
        b -> b);
  }

  @Test
  void cloudEventsInBatchesAndBinary() {
    var event =
        """
        {"specversion":"1.0","id":"fb","source":"/f","type":"x","time":"2026-01-01T00:00:00Z"}\
        """;
    fuzz(
        11,
        "/api/v1/events",
        Map.of("Content-Type", "application/cloudevents-batch+json"),
        utf8("[" + event + "," + event.replace("fb", "fc") + "]"),
        b -> b);
    var binary =
        Map.of(
            "Content-Type", "application/json",
            "ce-specversion", "1.0",
            "ce-id", "fd",
            "ce-source", "/f",
            "ce-type", "dev.watchtower.annotation");
    fuzz(12, "/api/v1/events", binary, utf8("{\"service\":\"s\",\"text\":\"t\"}"), b -> b);
  }

  @Test
  void githubWebhooks() {
    var deployment =
        """
        {"deployment_status":{"state":"success","environment":"prod","updated_at":
        "2026-01-01T00:00:00Z"},"deployment":{"sha":"a","ref":"main"},"sender":{"login":"l"},
        "repository":{"name":"shop","full_name":"o/shop"}}\
        """;
    var workflow =
        """
        {"action":"completed","workflow_run":{"name":"release","conclusion":"failure","head_sha":
        "a","updated_at":"2026-01-01T00:00:00Z"},"sender":{"login":"l"},
        "repository":{"name":"shop","full_name":"o/shop"}}\
        """;
    fuzz(13, "/api/v1/events/github", b -> signed("deployment_status", b), utf8(deployment));
    fuzz(17, "/api/v1/events/github", b -> signed("workflow_run", b), utf8(workflow));
  }

  private static Map<String, String> signed(String event, byte[] body) {
    return Map.of(
        "Content-Type",
        "application/json",
        "X-GitHub-Event",
        event,
        "X-GitHub-Delivery",
        event + Arrays.hashCode(body),
        "X-Hub-Signature-256",
        signature(body));
  }

  private static String signature(byte[] body) {
    try {
      var mac = javax.crypto.Mac.getInstance("HmacSHA256");
      mac.init(
          new javax.crypto.spec.SecretKeySpec(utf8("It's a Secret to Everybody"), "HmacSHA256"));
      return "sha256=" + java.util.HexFormat.of().formatHex(mac.doFinal(body));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void fuzz(
      long seed,
      String path,
      Map<String, String> headers,
      byte[] valid,
      UnaryOperator<byte[]> wrap) {
    fuzz(seed, valid, body -> post(path, headers, wrap.apply(body)).statusCode());
  }

  private void fuzz(
      long seed, String path, Function<byte[], Map<String, String>> headersOf, byte[] valid) {
    fuzz(seed, valid, body -> post(path, headersOf.apply(body), body).statusCode());
  }

  private static void fuzz(long seed, byte[] valid, ToIntFunction<byte[]> send) {
    var random = new Random(seed);
    assertThat(send.applyAsInt(valid)).isBetween(200, 299);
    for (var round = 0; round < ROUNDS; round++) {
      var body = damaged(valid, random);
      var from = System.nanoTime();
      var status = send.applyAsInt(body);
      var millis = (System.nanoTime() - from) / 1_000_000;
      assertThat(status)
          .as("seed %d round %d: %s", seed, round, Arrays.toString(body))
          .isBetween(200, 499);
      assertThat(millis).as("seed %d round %d", seed, round).isLessThan(5000);
    }
  }

  static byte[] damaged(byte[] valid, Random random) {
    var bytes = valid.clone();
    for (var n = 1 + random.nextInt(4); n > 0 && bytes.length > 0; n--) {
      var at = random.nextInt(bytes.length);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> bytes[at] = (byte) 0xff;
        case 4 -> {
          var longer = Arrays.copyOf(bytes, bytes.length + 8);
          System.arraycopy(bytes, at, longer, at + 8, bytes.length - at);
          bytes = longer;
        }
        default -> {
          var to = random.nextInt(bytes.length);
          bytes[at] = bytes[to];
          bytes[to] = 0;
        }
      }
    }
    return bytes;
  }

  private WriteRequests writeRequest() {
    return new WriteRequests()
        .series(Map.of("__name__", "fuzz", "job", "f", "le", "0.5"), now(), 1, now() + 1, 2.5)
        .series(Map.of("__name__", "fuzz_other", "job", "f"), now(), Double.NaN);
  }

  private byte[] otlp() {
    var nanos = now() * 1_000_000;
    var gauge =
        Gauge.newBuilder()
            .addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(nanos).setAsInt(4));
    var histogram =
        Histogram.newBuilder()
            .setAggregationTemporalityValue(1)
            .addDataPoints(
                HistogramDataPoint.newBuilder()
                    .setTimeUnixNano(nanos)
                    .setCount(3)
                    .setSum(2)
                    .addExplicitBounds(1)
                    .addBucketCounts(1)
                    .addBucketCounts(2));
    var point = ExponentialHistogramDataPoint.newBuilder().setTimeUnixNano(nanos).setScale(3);
    point.getPositiveBuilder().setOffset(-5).addBucketCounts(2).addBucketCounts(9);
    var exponential =
        ExponentialHistogram.newBuilder().setAggregationTemporalityValue(1).addDataPoints(point);
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(Metric.newBuilder().setName("fg").setGauge(gauge))
                        .addMetrics(Metric.newBuilder().setName("fh").setHistogram(histogram))
                        .addMetrics(
                            Metric.newBuilder()
                                .setName("fe")
                                .setExponentialHistogram(exponential))))
        .build()
        .toByteArray();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
