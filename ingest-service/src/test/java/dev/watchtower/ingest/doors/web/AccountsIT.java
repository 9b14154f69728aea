package dev.watchtower.ingest.doors.web;

import static dev.watchtower.ingest.doors.web.IngestDoorsIT.REMOTE_WRITE;
import static dev.watchtower.ingest.doors.web.IngestDoorsIT.REMOTE_WRITE_2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.storage.Refusal;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Received is stored, duplicate and refused, whatever comes through which door. */
class AccountsIT extends IngestContext {
  private static final int REQUESTS = 240;
  private static final String WRITE = "/api/v1/write";
  private static final String REFUSED = "watchtower_ingest_samples_refused_total";
  private static final Map<String, String> PROTOBUF =
      Map.of("Content-Type", "application/x-protobuf");
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
  private static final String OTLP =
      """
      {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
        {"name":"%1$s","gauge":{"dataPoints":[{"timeUnixNano":"%2$d000000","asInt":"%3$d"}]}},
        {"name":"%1$s_d","sum":{"aggregationTemporality":1,"isMonotonic":true,"dataPoints":[
         {"startTimeUnixNano":"1","timeUnixNano":"%2$d000000","asInt":"%3$d"}]}},
        {"name":"%1$s_h","histogram":{"aggregationTemporality":2,"dataPoints":[
         {"timeUnixNano":"%2$d000000","count":"3","sum":1,"bucketCounts":["1","2"],
          "explicitBounds":[0.1]}]}}]}]}]}
      """;
  private static final String PLAIN =
      """
      {"samples":[{"name":"%1$s","ts":%2$d,"value":%3$d},{"name":"%1$s","value":2}]}
      """;

  private record Request(String path, Map<String, String> headers, byte[] body) {}

  @Autowired private DataSource database;

  @Test
  void ofGoodAndBadRequestsOfAllDoorsThatComeTogether() {
    var before = accounts();
    var refused = refused();
    var statuses = all(0, request -> send(request).statusCode());
    var after = accounts();

    assertThat(after[0]).isGreaterThan(before[0] + REQUESTS);
    assertThat(after[1]).isEqualTo(after[0]);
    assertThat(statuses).contains(200, 204, 400).doesNotContain(500, 503);
    var more = refused();
    more.replaceAll((reason, samples) -> samples - refused.get(reason));
    assertThat(more.values().stream().mapToDouble(samples -> samples).sum())
        .as("every one has a reason that is told: %s", more)
        .isEqualTo(metric(REFUSED) - refused.values().stream().mapToDouble(n -> n).sum());
    for (var reason :
        List.of(Refusal.TOO_OLD, Refusal.CONFLICT, Refusal.BAD_LABELS, Refusal.TOO_MANY_LABELS)) {
      assertThat(more.get(reason)).as(reason.text()).isPositive();
    }
  }

  /** What was under way is refused, and stored when it comes again, or was stored after all. */
  @Test
  void whileTheStoreIsCutOffAndSendersTryAgain() {
    var cuts = new AtomicInteger();
    var sentAway = new AtomicInteger();
    try (var timer = Executors.newSingleThreadScheduledExecutor()) {
      var cutting =
          timer.scheduleWithFixedDelay(
              () -> {
                // One that meets no commit sends nobody away.
                if (cuts.getAndIncrement() < 5 || sentAway.get() == 0) {
                  cutOff();
                }
              },
              20,
              200,
              TimeUnit.MILLISECONDS);
      var statuses = all(REQUESTS, request -> untilTaken(request, cuts, sentAway));
      cutting.cancel(true);

      assertThat(statuses).contains(200, 204, 400).doesNotContain(500, 503);
    }
    await().atMost(Duration.ofSeconds(30)).until(storage::isReady);

    var accounts = accounts();
    assertThat(accounts[1]).isEqualTo(accounts[0]);
    assertThat(sentAway).hasPositiveValue();
  }

  /** Sends it again and again, until enough cuts have sent some away, as long as it is told to. */
  private int untilTaken(Request request, AtomicInteger cuts, AtomicInteger sentAway) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              var status = send(request).statusCode();
              sentAway.addAndGet(status == 503 ? 1 : 0);
              return status;
            },
            status -> status != 503 && cuts.get() > 5 && sentAway.get() > 0);
  }

  /** Ends every connection to the database, in whatever it is about. */
  private void cutOff() {
    try (var connection = database.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(
          """
          select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()
          """);
    } catch (SQLException e) {
      assertThat(e.getMessage()).as("it was cut off itself").isNotNull();
    }
  }

  private Map<Refusal, Double> refused() {
    var refused = new EnumMap<Refusal, Double>(Refusal.class);
    for (var reason : Refusal.values()) {
      refused.put(reason, metric(REFUSED, "reason=\"" + reason.text() + "\""));
    }
    return refused;
  }

  /** Sends requests of those seeds, several at a time; how they were answered. */
  private Set<Integer> all(int from, ToIntFunction<Request> send) {
    return IntStream.range(from, from + REQUESTS)
        .parallel()
        .mapToObj(n -> send.applyAsInt(request(new Random(n))))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private HttpResponse<String> send(Request request) {
    return post(request.path(), request.headers(), request.body());
  }

  private Request request(Random random) {
    // Some are there already, with the same value or another; some are too old or have no name.
    var ts = now() + random.nextInt(20) - (random.nextInt(8) == 0 ? 400L * 86_400_000 : 0);
    var value = random.nextInt(3);
    var name = random.nextInt(6) == 0 ? "" : "account" + random.nextInt(4);
    var labels = labels(random, name);
    var request =
        switch (random.nextInt(8)) {
          case 0 -> write(new WriteRequests().series(labels, ts, value, ts + 1, value).raw());
          case 1 -> write(new WriteRequests().histogram(labels, histogram(random, ts)).raw());
          case 2 -> write2(WriteRequests.version2(List.of(labels), ts, value));
          case 3 -> write2(WriteRequests.histograms2(List.of(labels), histogram(random, ts)));
          case 4 -> json("/v1/metrics", OTLP.formatted(name, ts, value));
          case 5 -> new Request("/v1/metrics", PROTOBUF, otlp(name, ts, value, random.nextInt(3)));
          case 6 -> write(new WriteRequests().series(labels, ts, Samples.STALE).raw());
          default -> json("/api/v1/metrics", PLAIN.formatted(name, ts, value));
        };
    if (random.nextInt(10) == 0) {
      request.body()[random.nextInt(request.body().length)]++;
    }
    return request;
  }

  /** Now and then they are too many. */
  private static Map<String, String> labels(Random random, String name) {
    var labels = new TreeMap<>(Map.of("__name__", name, "n", Integer.toString(random.nextInt(3))));
    for (var i = random.nextInt(6) == 0 ? 100 : 0; i > 0; i--) {
      labels.put("l" + i, "v");
    }
    return labels;
  }

  private static byte[] otlp(String name, long ts, int value, int temporality) {
    var point =
        NumberDataPoint.newBuilder()
            .setStartTimeUnixNano(1)
            .setTimeUnixNano(ts * 1_000_000)
            .setAsInt(value);
    var ended =
        NumberDataPoint.newBuilder()
            .setTimeUnixNano((ts + 1) * 1_000_000)
            .setFlags(DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE);
    var gauge = Gauge.newBuilder().addDataPoints(point).addDataPoints(ended);
    var sum =
        Sum.newBuilder()
            .setIsMonotonic(true)
            .setAggregationTemporalityValue(temporality)
            .addDataPoints(point);
    var scope =
        ScopeMetrics.newBuilder()
            .addMetrics(Metric.newBuilder().setName(name).setGauge(gauge))
            .addMetrics(Metric.newBuilder().setName(name + "_s").setSum(sum));
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(ResourceMetrics.newBuilder().addScopeMetrics(scope))
        .build()
        .toByteArray();
  }

  private static byte[] histogram(Random random, long ts) {
    return random.nextBoolean()
        ? WriteRequests.nativeHistogram(ts)
        : WriteRequests.endedHistogram(ts);
  }

  private static Request write(byte[] raw) {
    return new Request(WRITE, REMOTE_WRITE, WriteRequests.compress(raw));
  }

  private static Request write2(byte[] raw) {
    return new Request(WRITE, REMOTE_WRITE_2, WriteRequests.compress(raw));
  }

  private static Request json(String path, String body) {
    return new Request(path, JSON, body.getBytes(StandardCharsets.UTF_8));
  }
}
