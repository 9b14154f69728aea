package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Series;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.convention.otel.OpenTelemetryJvmCpuMeterConventions;
import io.micrometer.core.instrument.binder.jvm.convention.otel.OpenTelemetryJvmMemoryMeterConventions;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.registry.otlp.AggregationTemporality;
import io.micrometer.registry.otlp.HistogramFlavor;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.server.observation.OpenTelemetryServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Every kind of meter of Micrometer, as its own registry sends them. */
class MicrometerIT extends IngestContext {
  private static final Map<String, String> PROTOBUF =
      Map.of("Content-Type", "application/x-protobuf");

  @ParameterizedTest
  @CsvSource({
    "CUMULATIVE, EXPLICIT_BUCKET_HISTOGRAM",
    "CUMULATIVE, BASE2_EXPONENTIAL_BUCKET_HISTOGRAM",
    "DELTA, EXPLICIT_BUCKET_HISTOGRAM",
    "DELTA, BASE2_EXPONENTIAL_BUCKET_HISTOGRAM"
  })
  void nothingOfWhatItSendsIsRefused(AggregationTemporality temporality, HistogramFlavor flavor) {
    var time = new Time(clock);
    var sent = new ArrayList<byte[]>();
    var registry = registry("all-" + temporality + "-" + flavor, temporality, flavor, time, sent);
    registry.counter("orders").increment();
    registry.gauge("queue", 7);
    Timer.builder("requests")
        .publishPercentileHistogram()
        .register(registry)
        .record(Duration.ofMillis(120));
    Timer.builder("quantiles")
        .publishPercentiles(0.5, 0.99)
        .register(registry)
        .record(Duration.ofMillis(3));
    DistributionSummary.builder("size")
        .serviceLevelObjectives(10, 100)
        .register(registry)
        .record(50);
    FunctionCounter.builder("done", 3, Integer::doubleValue).register(registry);
    FunctionTimer.builder("work", 4, Integer::longValue, Integer::doubleValue, TimeUnit.SECONDS)
        .register(registry);
    TimeGauge.builder("age", () -> 5, TimeUnit.SECONDS).register(registry);
    LongTaskTimer.builder("active")
        .publishPercentileHistogram()
        .serviceLevelObjectives(Duration.ofMinutes(1))
        .register(registry)
        .start();
    LongTaskTimer.builder("idle").publishPercentileHistogram().register(registry);
    LongTaskTimer.builder("plain").register(registry).start();
    LongTaskTimer.builder("ranked").publishPercentiles(0.9).register(registry).start();
    time.advance(Duration.ofSeconds(30));

    registry.close();

    assertThat(sent).isNotEmpty();
    for (var body : sent) {
      var answer = post("/v1/metrics", PROTOBUF, body);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEmpty();
    }
  }

  /** Its buckets hold what was active at every step so far; sum and count what is active now. */
  @Test
  void activeTasksAreTakenByTheirSumAndCount() {
    var time = new Time(clock);
    var sent = new ArrayList<byte[]>();
    var registry =
        registry(
            "active-shop",
            AggregationTemporality.CUMULATIVE,
            HistogramFlavor.EXPLICIT_BUCKET_HISTOGRAM,
            time,
            sent);
    var active =
        LongTaskTimer.builder("http.server.requests.active")
            .publishPercentileHistogram()
            .register(registry);
    active.start();
    time.advance(Duration.ofHours(1));
    active.start();
    time.advance(Duration.ofMinutes(1));
    for (var step = 0; step < 5; step++) {
      active.takeSnapshot();
    }

    registry.close();

    assertThat(post("/v1/metrics", PROTOBUF, sent.getFirst()).body()).isEmpty();
    assertThat(last("http_server_requests_active_milliseconds_count", "active-shop")).isEqualTo(2);
    assertThat(last("http_server_requests_active_milliseconds_sum", "active-shop"))
        .isEqualTo(Duration.ofMinutes(62).toMillis());
    var buckets = find("http_server_requests_active_milliseconds_bucket", "active-shop");
    assertThat(buckets).extracting(s -> s.labels().get("le")).containsExactly("+Inf");
    assertThat(lastOf(buckets.getFirst())).isEqualTo(2);
  }

  /** The names that the convention {@code micrometer-opentelemetry} of the catalog is made for. */
  @Test
  void theConventionsOfOpenTelemetryHaveTheNamesThatTheCatalogKnows() {
    var time = new Time(clock);
    var sent = new ArrayList<byte[]>();
    var registry =
        registry(
            "otel-shop",
            AggregationTemporality.CUMULATIVE,
            HistogramFlavor.EXPLICIT_BUCKET_HISTOGRAM,
            time,
            sent);
    registry
        .config()
        .meterFilter(
            new MeterFilter() {
              @Override
              public DistributionStatisticConfig configure(
                  Meter.Id id, DistributionStatisticConfig config) {
                return DistributionStatisticConfig.builder()
                    .percentilesHistogram(true)
                    .build()
                    .merge(config);
              }
            });
    new ProcessorMetrics(List.of(), new OpenTelemetryJvmCpuMeterConventions(Tags.empty()))
        .bindTo(registry);
    new JvmMemoryMetrics(List.of(), new OpenTelemetryJvmMemoryMeterConventions(Tags.empty()))
        .bindTo(registry);
    var observations = ObservationRegistry.create();
    observations
        .observationConfig()
        .observationHandler(new DefaultMeterObservationHandler(registry));
    var response = new MockHttpServletResponse();
    response.setStatus(503);
    var exchange =
        new ServerRequestObservationContext(new MockHttpServletRequest("GET", "/cart"), response);
    Observation.createNotStarted(
            new OpenTelemetryServerRequestObservationConvention(), () -> exchange, observations)
        .observe(() -> time.advance(Duration.ofMillis(120)));

    registry.close();

    for (var body : sent) {
      assertThat(post("/v1/metrics", PROTOBUF, body).body()).isEmpty();
    }
    var requests = find("http_server_request_duration_milliseconds_count", "otel-shop");
    assertThat(requests)
        .extracting(s -> s.labels().get("http_response_status_code"))
        .containsExactly("503");
    assertThat(lastOf(requests.getFirst())).isEqualTo(1);
    assertThat(last("http_server_request_duration_milliseconds_sum", "otel-shop")).isEqualTo(120);
    assertThat(find("http_server_request_duration_milliseconds_bucket", "otel-shop"))
        .hasSizeGreaterThan(1);
    assertThat(find("jvm_cpu_recent_utilization", "otel-shop")).hasSize(1);
    assertThat(find("jvm_memory_used_bytes", "otel-shop"))
        .extracting(s -> s.labels().get("jvm_memory_type"))
        .contains("heap");
    assertThat(find("jvm_memory_limit_bytes", "otel-shop"))
        .extracting(s -> s.labels().get("jvm_memory_type"))
        .contains("heap");
  }

  /** How a point's bounds and bucket counts fit together. */
  enum Counts {
    NONE("", "", true),
    ONLY_BEYOND("", "3", true),
    ONE_MORE("1,2", "1,1,1", true),
    AS_MANY("1,2", "1,3", false),
    ONLY_BOUNDS("1,2", "", true),
    TOO_FEW("1,2", "3", false),
    TOO_MANY("1,2", "1,1,1,0", false);

    private final String bounds;
    private final String counts;
    private final boolean taken;

    Counts(String bounds, String counts, boolean taken) {
      this.bounds = bounds;
      this.counts = counts;
      this.taken = taken;
    }
  }

  @ParameterizedTest
  @EnumSource
  void boundsAndCountsHaveToFit(Counts form) {
    var service = "counts-" + form;
    var answer = sent(service, "opentelemetry", form);

    assertThat(answer.statusCode()).isEqualTo(200);
    if (form.taken) {
      assertThat(answer.body()).isEqualTo("{}");
      assertThat(last("h_count", service)).isEqualTo(3);
      assertThat(find("h_bucket", service)).hasSize(form == Counts.ONE_MORE ? 3 : 1);
    } else {
      assertThat(answer.body())
          .contains("\"rejectedDataPoints\":\"1\"")
          .contains("h: 2 bounds and ", "there has to be one count more than bounds");
      assertThat(find("h_count", service)).isEmpty();
    }
  }

  @Test
  void takesWhatIsUnderWayWithoutItsBuckets() {
    var answer = sent("under-way", "io.micrometer", Counts.AS_MANY);

    assertThat(answer.body()).isEqualTo("{}");
    assertThat(last("h_count", "under-way")).isEqualTo(3);
    assertThat(find("h_bucket", "under-way")).hasSize(1);
  }

  private HttpResponse<String> sent(String service, String sdk, Counts form) {
    return post(
        "/v1/metrics",
        Map.of("Content-Type", "application/json"),
        """
        {"resourceMetrics":[{"resource":{"attributes":[
           {"key":"telemetry.sdk.name","value":{"stringValue":"%s"}},
           {"key":"service.name","value":{"stringValue":"%s"}}]},"scopeMetrics":[{"metrics":[
          {"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[
           {"timeUnixNano":"%d000000","count":"3","sum":4,"explicitBounds":[%s],
            "bucketCounts":[%s]}]}}]}]}]}
        """
            .formatted(sdk, service, clock.millis(), form.bounds, form.counts)
            .getBytes(StandardCharsets.UTF_8));
  }

  private double last(String name, String service) {
    return lastOf(find(name, service).getFirst());
  }

  private double lastOf(Series series) {
    var samples = store.read(series, 0, clock.millis() + 60_000);
    return samples.value(samples.size() - 1);
  }

  private List<Series> find(String name, String service) {
    return store.select(
        List.of(Matcher.eq(Labels.METRIC_NAME, name), Matcher.eq(Labels.SERVICE, service)),
        Instant.EPOCH,
        clock.instant().plusSeconds(60),
        1000);
  }

  private static OtlpMeterRegistry registry(
      String service,
      AggregationTemporality temporality,
      HistogramFlavor flavor,
      Time time,
      List<byte[]> sent) {
    var config =
        new OtlpConfig() {
          @Override
          public String get(String key) {
            return null;
          }

          @Override
          public Duration step() {
            return Duration.ofHours(1);
          }

          @Override
          public AggregationTemporality aggregationTemporality() {
            return temporality;
          }

          @Override
          public HistogramFlavor histogramFlavor() {
            return flavor;
          }

          @Override
          public Map<String, String> resourceAttributes() {
            return Map.of("service.name", service);
          }
        };
    return OtlpMeterRegistry.builder(config)
        .clock(time)
        .metricsSender(request -> sent.add(request.getMetricsData()))
        .build();
  }

  /** Wall time is what it is, as old samples are refused; tasks last as long as a test says. */
  private static final class Time implements Clock {
    private final InstantSource wall;
    private volatile long nanos;

    Time(InstantSource wall) {
      this.wall = wall;
    }

    void advance(Duration by) {
      nanos += by.toNanos();
    }

    @Override
    public long wallTime() {
      return wall.millis();
    }

    @Override
    public long monotonicTime() {
      return nanos;
    }
  }
}
