package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Series;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Timer;
import io.micrometer.registry.otlp.HistogramFlavor;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpIT extends IngestContext {
  private static final Map<String, String> PROTOBUF =
      Map.of("Content-Type", "application/x-protobuf");
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  @Test
  void takesWhatMicrometerSends() {
    var registry = registry("micrometer-shop", HistogramFlavor.EXPLICIT_BUCKET_HISTOGRAM);
    Timer.builder("http.server.requests")
        .tag("status", "200")
        .publishPercentileHistogram()
        .register(registry)
        .record(Duration.ofMillis(120));
    registry.counter("orders").increment(3);
    registry.gauge("queue.size", 7);
    registry.send();

    assertThat(last("http_server_requests_milliseconds_count", "micrometer-shop")).isEqualTo(1);
    assertThat(last("http_server_requests_milliseconds_sum", "micrometer-shop"))
        .isBetween(119.9, 120.1);
    var buckets = find("http_server_requests_milliseconds_bucket", "micrometer-shop");
    assertThat(buckets).extracting(s -> s.labels().get("le")).contains("+Inf");
    assertThat(buckets.size()).isGreaterThan(10);
    assertThat(buckets.getFirst().env()).isEqualTo("prod");
    assertThat(buckets.getFirst().labels().get("job")).isEqualTo("micrometer-shop");
    assertThat(last("orders_total", "micrometer-shop")).isEqualTo(3);
    assertThat(last("queue_size", "micrometer-shop")).isEqualTo(7);
  }

  @Test
  void takesExponentialHistogramsOfMicrometer() {
    var registry = registry("expo-shop", HistogramFlavor.BASE2_EXPONENTIAL_BUCKET_HISTOGRAM);
    var timer = Timer.builder("latency").publishPercentileHistogram().register(registry);
    for (var i = 1; i <= 100; i++) {
      timer.record(Duration.ofMillis(i));
    }
    registry.send();

    assertThat(last("latency_milliseconds_count", "expo-shop")).isEqualTo(100);
    var upTo64 =
        find("latency_milliseconds_bucket", "expo-shop").stream()
            .filter(s -> "64".equals(s.labels().get("le")))
            .toList();
    assertThat(upTo64).hasSize(1);
    assertThat(lastOf(upTo64.getFirst())).isEqualTo(64);
  }

  @Test
  void addsUpDeltasOnceEach() {
    var first = delta("delta-shop", now() - 2000, 5);
    var second = delta("delta-shop", now() - 1000, 7);

    for (var body : List.of(first, second, second, first)) {
      assertThat(post("/v1/metrics", PROTOBUF, body).statusCode()).isEqualTo(200);
    }

    assertThat(last("jobs_total", "delta-shop")).isEqualTo(12);
  }

  @Test
  void takesJsonAndGzip() throws IOException {
    var body =
        """
        {"resourceMetrics":[{"resource":{"attributes":[
           {"key":"service.name","value":{"stringValue":"json-shop"}},
           {"key":"deployment.environment.name","value":{"stringValue":"staging"}},
           {"key":"host.name","value":{"stringValue":"h1"}}]},
         "scopeMetrics":[{"metrics":[
           {"name":"temperature","unit":"Cel","gauge":{"dataPoints":[
             {"timeUnixNano":"%1$d000000","asDouble":21.5,"unknownMember":{"a":[1]}}]}},
           {"name":"size","unit":"By","histogram":{"aggregationTemporality":2,"dataPoints":[
             {"timeUnixNano":"%1$d000000","count":"3","sum":30,"bucketCounts":["1","2"],
              "explicitBounds":[10]}]}}]}]}]}
        """
            .formatted(now());
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body.getBytes(StandardCharsets.UTF_8));
    }

    var answer =
        post(
            "/v1/metrics",
            Map.of("Content-Type", "application/json", "Content-Encoding", "gzip"),
            bytes.toByteArray());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{}");
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).contains("json");
    assertThat(last("temperature_celsius", "json-shop")).isEqualTo(21.5);
    assertThat(find("size_bytes_bucket", "json-shop")).hasSize(2);
    assertThat(find("target_info", "json-shop").getFirst().labels().get("host_name"))
        .isEqualTo("h1");
    assertThat(find("temperature_celsius", "json-shop").getFirst().env()).isEqualTo("staging");
  }

  @Test
  void tellsOfRejectedPointsInAPartialSuccess() {
    var body =
        """
        {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
          {"name":"good","gauge":{"dataPoints":[{"timeUnixNano":"%1$d000000","asInt":"1"}]}},
          {"name":"bad","gauge":{"dataPoints":[{"asInt":"1"}]}},
          {"name":"odd","histogram":{"dataPoints":[{"timeUnixNano":"%1$d000000",
             "bucketCounts":["1"],"explicitBounds":[1,2]}]}}]}]}]}
        """
            .formatted(now());

    var answer = json(body);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"rejectedDataPoints\":\"2\"").contains("without a time");
    assertThat(last("good", "default")).isEqualTo(1);
  }

  /** What the protocol calls invalid (metrics.proto), and a name of which a unit would be left. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'name':'','unit':'s','gauge':{'dataPoints':[{POINT,'asInt':'1'}]}|without a usable name",
        "'name':'??','unit':'s','sum':{'isMonotonic':true,'aggregationTemporality':2,'dataPoints':[{POINT,'asInt':'1'}]}|without a usable name",
        "'name':'odd','gauge':{'dataPoints':[{POINT}]}|without a value",
        "'name':'odd','sum':{'aggregationTemporality':1,'dataPoints':[{POINT}]}|without a value",
        "'name':'odd','sum':{'dataPoints':[{POINT,'asInt':'1'}]}|aggregationTemporality",
        "'name':'odd','sum':{'aggregationTemporality':7,'dataPoints':[{POINT,'asInt':'1'}]}|aggregationTemporality",
        "'name':'odd','histogram':{'dataPoints':[{POINT,'count':'1','bucketCounts':['1'],'explicitBounds':[]}]}|aggregationTemporality",
        "'name':'odd','exponentialHistogram':{'dataPoints':[{POINT,'count':'1','zeroCount':'1'}]}|aggregationTemporality",
      },
      quoteCharacter = '`')
  void storesNoNonsenseOfPointsThatTheProtocolCallsInvalid(String metric, String why) {
    var service = "invalid-" + metric.hashCode();
    var body =
        """
        {"resourceMetrics":[{"resource":{"attributes":[
           {"key":"service.name","value":{"stringValue":"%s"}}]},
         "scopeMetrics":[{"metrics":[
          {"name":"good","gauge":{"dataPoints":[
            {"timeUnixNano":"%2$d000000","asInt":"1"},
            {"timeUnixNano":"%2$d000001","flags":1,
             "attributes":[{"key":"k","value":{"stringValue":"ended"}}]}]}},
          {%3$s}]}]}]}
        """
            .formatted(
                service,
                now(),
                metric
                    .replace('\'', '"')
                    .replace("POINT", "\"timeUnixNano\":\"" + now() + "000000\""));

    var answer = json(body);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"rejectedDataPoints\":\"1\"").contains(why);
    var stored =
        store.select(
            List.of(Matcher.eq(Labels.SERVICE, service)),
            Instant.ofEpochMilli(now() - 3_600_000),
            Instant.ofEpochMilli(now() + 3_600_000),
            500);
    assertThat(stored).allMatch(s -> "good".equals(s.labels().get(Labels.METRIC_NAME)));
    assertThat(stored).as("what is well stays").isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {-20 * 86_400_000L, 3_600_000})
  void countsRejectedPointsAndNotTheSamplesThatTheyBecame(long off) {
    var body =
        """
        {"resourceMetrics":[{"resource":{"attributes":[
           {"key":"service.name","value":{"stringValue":"counted%3$d"}},
           {"key":"host.name","value":{"stringValue":"h1"}}]},
         "scopeMetrics":[{"metrics":[
          {"name":"nodata"},
          {"name":"good","gauge":{"dataPoints":[
             {"timeUnixNano":"%1$d000000","asInt":"1"},
             {"timeUnixNano":"%1$d000000","asInt":"1","attributes":[
               {"key":"k","value":{"stringValue":"b"}}]}]}},
          {"name":"off","histogram":{"aggregationTemporality":2,"dataPoints":[
             {"timeUnixNano":"%2$d000000","count":"3","sum":5,
              "bucketCounts":["1","1","1"],"explicitBounds":[1,2]}]}}]}]}]}
        """
            .formatted(now(), now() + off, off);

    var answer = json(body);

    assertThat(answer.body()).contains("\"rejectedDataPoints\":\"1\"").contains("nodata");
    // A point that is ahead does not take it along.
    assertThat(last("target_info", "counted" + off)).isEqualTo(1);
  }

  @Test
  void tooManyAttributesOfAResourceLeaveSomeOfThem() {
    var attributes =
        IntStream.range(0, 80)
            .mapToObj(
                "{\"key\":\"k8s.pod.label.%02d\",\"value\":{\"stringValue\":\"v\"}}"::formatted)
            .collect(Collectors.joining(","));
    var body =
        """
        {"resourceMetrics":[{"resource":{"attributes":[
           {"key":"service.name","value":{"stringValue":"labelled"}},
           {"key":"telemetry.sdk.name","value":{"stringValue":"opentelemetry"}},
           %2$s]},
         "scopeMetrics":[{"metrics":[
          {"name":"good","gauge":{"dataPoints":[{"timeUnixNano":"%1$d000000","asInt":"1"}]}}]}]}]}
        """
            .formatted(now(), attributes);

    assertThat(json(body).body()).isEqualTo("{}");
    assertThat(find("target_info", "labelled").getFirst().labels().toMap())
        .containsEntry("job", "labelled")
        .containsEntry("k8s_pod_label_00", "v")
        .doesNotContainKey("k8s_pod_label_79");
  }

  @Test
  void answersErrorsAsStatusInTheEncodingOfTheRequest() {
    var bad = json("{\"resourceMetrics\":[{\"scopeMetrics\":7}]}");
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.body()).contains("\"code\":3").contains("scopeMetrics");

    var cut = post("/v1/metrics", PROTOBUF, new byte[] {10, 100, 1});
    assertThat(cut.statusCode()).isEqualTo(400);
    assertThat(cut.headers().firstValue("Content-Type")).contains("application/x-protobuf");
    assertThat(cut.body()).startsWith("\b\u0003\u0012");

    assertThat(post("/v1/metrics", Map.of("Content-Type", "text/plain"), new byte[0]).statusCode())
        .isEqualTo(415);
    var zstd = Map.of("Content-Type", "application/json", "Content-Encoding", "zstd");
    var refused = post("/v1/metrics", zstd, new byte[0]);
    assertThat(refused.statusCode()).isEqualTo(415);
    assertThat(refused.body()).contains("\"code\":3").contains("gzip and deflate are");
    assertThat(post("/v1/metrics", PROTOBUF, new byte[0]).statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> json(String body) {
    return post("/v1/metrics", JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] delta(String service, long millis, double value) {
    var point = NumberDataPoint.newBuilder().setTimeUnixNano(millis * 1_000_000).setAsDouble(value);
    var sum =
        Sum.newBuilder()
            .setIsMonotonic(true)
            .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
            .addDataPoints(point);
    var resource = ResourceMetrics.newBuilder();
    resource
        .getResourceBuilder()
        .addAttributes(
            KeyValue.newBuilder()
                .setKey("service.name")
                .setValue(AnyValue.newBuilder().setStringValue(service)));
    resource.addScopeMetrics(
        ScopeMetrics.newBuilder().addMetrics(Metric.newBuilder().setName("jobs").setSum(sum)));
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(resource)
        .build()
        .toByteArray();
  }

  private List<Series> find(String name, String service) {
    return store.select(
        List.of(Matcher.eq(Labels.METRIC_NAME, name), Matcher.eq(Labels.SERVICE, service)),
        Instant.ofEpochMilli(now() - 3_600_000),
        Instant.ofEpochMilli(now() + 3_600_000),
        500);
  }

  private double last(String name, String service) {
    assertThat(find(name, service)).as(name).hasSize(1);
    return lastOf(find(name, service).getFirst());
  }

  private double lastOf(Series series) {
    var samples = store.read(series, now() - 3_600_000, now() + 3_600_000);
    return samples.value(samples.size() - 1);
  }

  private Registry registry(String service, HistogramFlavor flavor) {
    return new Registry(
        new OtlpConfig() {
          @Override
          public String get(String key) {
            return null;
          }

          @Override
          public String url() {
            return "http://127.0.0.1:" + port + "/v1/metrics";
          }

          @Override
          public Duration step() {
            return Duration.ofHours(1);
          }

          @Override
          public HistogramFlavor histogramFlavor() {
            return flavor;
          }

          @Override
          public Map<String, String> resourceAttributes() {
            return Map.of("service.name", service, "deployment.environment.name", "prod");
          }

          @Override
          public Map<String, String> headers() {
            return Map.of("Authorization", "Bearer " + writeToken());
          }
        });
  }

  /** Micrometer's own registry, sent by hand instead of by its timer. */
  private static final class Registry extends OtlpMeterRegistry {
    Registry(OtlpConfig config) {
      super(config, Clock.SYSTEM);
    }

    void send() {
      publish();
    }
  }
}
