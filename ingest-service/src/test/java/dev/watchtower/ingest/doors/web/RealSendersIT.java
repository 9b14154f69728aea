package dev.watchtower.ingest.doors.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.query.RealPrometheus;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that others wrote, with the configuration that docs/senders gives. */
class RealSendersIT extends IngestContext {
  private static final Pattern YAML =
      Pattern.compile("```yaml\n(remote_write:.*?)```", Pattern.DOTALL);

  private static final Pattern BODY = Pattern.compile("-d '(\\{.*?})'\n", Pattern.DOTALL);

  /** It scrapes this very service, which speaks Micrometer's Prometheus names. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void prometheusWritesWhatItScrapes(int version, @TempDir Path dir) throws Exception {
    assumeTrue(RealPrometheus.isInstalled(), "no Prometheus is installed here");
    assumeTrue(
        version == 1 || RealPrometheus.speaksVersion2(),
        "the Prometheus that is installed here does not speak remote write 2.0");
    var job = "scraped-" + version;
    Files.writeString(
        dir.resolve("targets.json"), "[{\"targets\":[\"127.0.0.1:%d\"]}]".formatted(port));

    try (var prometheus = new RealPrometheus(dir, config(dir, job, version))) {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(last("up", job)).isEqualTo(1));
      var requests = find("http_server_requests_seconds_count", "ingest");
      assertThat(requests)
          .filteredOn(series -> series.labels().get("job").equals(job))
          .isNotEmpty()
          .allSatisfy(series -> assertThat(series.env()).isEqualTo("pasted"));

      // The target is gone: Prometheus ends its series.
      Files.writeString(dir.resolve("none.json"), "[]");
      Files.move(
          dir.resolve("none.json"), dir.resolve("targets.json"), StandardCopyOption.ATOMIC_MOVE);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(Samples.isStale(last("up", job))).isTrue());
      assertThat(prometheus.log()).doesNotContainIgnoringCase("non-recoverable", "level=error");
    }
  }

  private String config(Path dir, String job, int version) throws IOException {
    var pasted = YAML.matcher(Files.readString(Path.of("../docs/senders/prometheus.md")));
    assertThat(pasted.find()).isTrue();
    return """
    global: {scrape_interval: 500ms, scrape_timeout: 400ms, external_labels: {env: pasted}}
    scrape_configs:
      - job_name: %s
        metrics_path: /metrics
        authorization: {credentials: %s}
        file_sd_configs: [{files: [%s/targets.json], refresh_interval: 1s}]
    """
            .formatted(job, readToken(), dir)
        + pasted
            .group(1)
            .replace("127.0.0.1:8081", "127.0.0.1:" + port)
            .replace("wt_PASTE_THE_TOKEN", writeToken())
        + (version == 1 ? "" : "    protobuf_message: io.prometheus.write.v2.Request\n");
  }

  /** The bodies of the curl commands in the pages. */
  @ParameterizedTest
  @CsvSource({
    "curl.md, /api/v1/metrics, application/json, 204",
    "cloudevents.md, /api/v1/events, application/cloudevents+json, 200"
  })
  void whatThePagesGiveToPasteIsTaken(String page, String path, String type, int status)
      throws IOException {
    var body = BODY.matcher(Files.readString(Path.of("../docs/senders", page)));
    assertThat(body.find()).isTrue();

    var answer =
        post(
            path,
            Map.of("Content-Type", type),
            body.group(1).getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theOpenTelemetrySdkExports(boolean delta) {
    var service = delta ? "otel-delta" : "otel-cumulative";
    var exporter =
        OtlpHttpMetricExporter.builder()
            .setEndpoint("http://127.0.0.1:" + port + "/v1/metrics")
            .addHeader("Authorization", "Bearer " + writeToken())
            .setCompression("gzip")
            .setAggregationTemporalitySelector(
                delta
                    ? AggregationTemporalitySelector.deltaPreferred()
                    : AggregationTemporalitySelector.alwaysCumulative())
            .build();
    var attributes =
        Map.of(
            "service.name", service,
            "service.namespace", "shop",
            "service.instance.id", "i-1",
            "deployment.environment.name", "prod");
    var resource = Attributes.builder();
    attributes.forEach(resource::put);
    try (var provider =
        SdkMeterProvider.builder()
            .setResource(Resource.create(resource.build()))
            .registerView(
                InstrumentSelector.builder().setName("fine").build(),
                View.builder()
                    .setAggregation(Aggregation.base2ExponentialBucketHistogram())
                    .build())
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build())
            .build()) {
      var meter = provider.get("test");
      var orders = meter.counterBuilder("orders").setUnit("{order}").build();
      var open = meter.upDownCounterBuilder("connections").build();
      var size = meter.gaugeBuilder("queue.size").build();
      var duration =
          meter
              .histogramBuilder("http.server.request.duration")
              .setUnit("s")
              .setExplicitBucketBoundariesAdvice(List.of(0.1, 0.25, 1.0))
              .build();
      var fine = meter.histogramBuilder("fine").setUnit("s").build();
      var ok = Attributes.of(AttributeKey.longKey("http.response.status_code"), 200L);
      for (var round = 0; round < 2; round++) {
        orders.add(3);
        open.add(2);
        open.add(-1);
        size.set(7.5 + round);
        duration.record(0.12, ok);
        fine.record(0.12);
        assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
      }
    }

    assertThat(last("orders_total", service)).isEqualTo(6);
    assertThat(last("connections", service)).isEqualTo(2);
    assertThat(last("queue_size", service)).isEqualTo(8.5);
    assertThat(last("http_server_request_duration_seconds_count", service)).isEqualTo(2);
    assertThat(last("http_server_request_duration_seconds_sum", service)).isEqualTo(0.24);
    assertThat(last("fine_seconds_count", service)).isEqualTo(2);
    assertThat(bucket("http_server_request_duration_seconds_bucket", service, "0.25")).isEqualTo(2);
    assertThat(bucket("http_server_request_duration_seconds_bucket", service, "0.1")).isZero();
    assertThat(bucket("fine_seconds_bucket", service, "0.125")).isEqualTo(2);
    var series = find("http_server_request_duration_seconds_count", service).getFirst();
    assertThat(series.env()).isEqualTo("prod");
    assertThat(series.labels().get("job")).isEqualTo("shop/" + service);
    assertThat(series.labels().get("instance")).isEqualTo("i-1");
    assertThat(series.labels().get("http_response_status_code")).isEqualTo("200");
  }

  private double bucket(String name, String service, String le) {
    return find(name, service).stream()
        .filter(s -> le.equals(s.labels().get("le")))
        .mapToDouble(this::lastOf)
        .findFirst()
        .orElse(Double.NaN);
  }

  private double last(String name, String service) {
    return find(name, service).stream().mapToDouble(this::lastOf).findFirst().orElse(Double.NaN);
  }

  private double lastOf(Series series) {
    var samples = store.read(series, 0, clock.millis() + 60_000);
    return samples.size() == 0 ? Double.NaN : samples.value(samples.size() - 1);
  }

  private List<Series> find(String name, String service) {
    return store.select(
        List.of(Matcher.eq(Labels.METRIC_NAME, name), Matcher.eq(Labels.SERVICE, service)),
        Instant.EPOCH,
        clock.instant().plusSeconds(60),
        1000);
  }
}
