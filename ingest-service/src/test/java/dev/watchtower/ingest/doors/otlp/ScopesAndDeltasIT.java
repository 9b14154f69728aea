package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Series;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Points that differ in the scope only, or in nothing that is a label. */
class ScopesAndDeltasIT extends IngestContext {
  private static final int DELTA = 1;
  private static final int CUMULATIVE = 2;

  @ParameterizedTest
  @CsvSource({"scoped-delta, 1", "scoped-cumulative, 2"})
  void keepsTwoLibrariesWithTheSameMetricApart(String service, int temporality) {
    var answer =
        json(
            resource(
                service,
                scope("jdbc", sum("calls", temporality, now(), 3)),
                scope("redis", sum("calls", temporality, now(), 4)),
                scope("", sum("calls", temporality, now(), 5))));

    assertThat(answer.body()).isEqualTo("{}");
    var calls =
        find("calls_total", service).stream()
            .collect(
                Collectors.toMap(
                    series -> series.labels().getOrEmpty("otel_scope_name"), this::lastOf));
    assertThat(calls).isEqualTo(Map.of("jdbc", 3.0, "redis", 4.0, "", 5.0));
  }

  @Test
  void addsUpDeltasOfOneTimeInOneRequestAndARepetitionAddsNothing() {
    // Two pods behind a collector, whose resources say nothing that tells them apart.
    var first =
        resource("twins", scope("", sum("jobs", DELTA, now() - 2000, 3)))
            + ","
            + resource("twins", scope("", sum("jobs", DELTA, now() - 2000, 4)));
    var second = resource("twins", scope("", sum("jobs", DELTA, now() - 1000, 5)));

    for (var body : List.of(first, first, second, second)) {
      assertThat(json(body).body()).isEqualTo("{}");
    }

    assertThat(find("jobs_total", "twins")).hasSize(1);
    assertThat(lastOf(find("jobs_total", "twins").getFirst())).isEqualTo(12);
  }

  @Test
  void refusesHistogramsThatAreOlderThanTheLastOneAndSaysSo() {
    var point = exponential("wait", now() - 1000, 4);
    var twins = resource("expo", scope("", point)) + "," + resource("expo", scope("", point));

    // Two processes in one request are added up, as sums are.
    assertThat(json(twins).body()).isEqualTo("{}");
    assertThat(lastOf(find("wait_count", "expo").getFirst())).isEqualTo(8);

    var late = json(resource("expo", scope("", exponential("wait", now() - 5000, 9))));

    assertThat(late.body())
        .contains("\"rejectedDataPoints\":\"1\"")
        .contains("a delta older than the last one");
    for (var bucket : find("wait_bucket", "expo")) {
      assertThat(store.read(bucket, 0, now()).size()).isEqualTo(1);
    }
    // A repetition is no fault.
    assertThat(json(twins).body()).isEqualTo("{}");
  }

  @Test
  void refusesADeltaOfAnotherProcessWithTheTimeOfOneThatIsStored() {
    var at = now() - 1000;
    var one = resource("replicas", scope("", sum("orders", DELTA, at, 3)));
    var other = resource("replicas", scope("", sum("orders", DELTA, at, 4)));

    assertThat(json(one).body()).isEqualTo("{}");
    for (var i = 0; i < 2; i++) {
      assertThat(json(other).body())
          .contains("\"rejectedDataPoints\":\"1\"", "conflict", "service.instance.id");
      assertThat(json(one).body()).as("a repetition").isEqualTo("{}");
    }
    assertThat(lastOf(find("orders_total", "replicas").getFirst())).isEqualTo(3);
    // The next one of each counts again.
    assertThat(json(resource("replicas", scope("", sum("orders", DELTA, at + 1, 4)))).body())
        .isEqualTo("{}");
    assertThat(lastOf(find("orders_total", "replicas").getFirst())).isEqualTo(7);
  }

  @Test
  void soItDoesWithHistograms() {
    var at = now() - 1000;
    var one = resource("expo-replicas", scope("", exponential("took", at, 4)));
    var other = resource("expo-replicas", scope("", exponential("took", at, 5)));

    assertThat(json(one).body()).isEqualTo("{}");
    assertThat(json(other).body())
        .contains("\"rejectedDataPoints\":\"1\"", "conflict", "service.instance.id");
    assertThat(json(one).body()).isEqualTo("{}");
    assertThat(lastOf(find("took_count", "expo-replicas").getFirst())).isEqualTo(4);
  }

  @Test
  void refusesTheSecondOfTwoTotalsByName() {
    var answer =
        json(
            resource("two-totals", scope("", sum("hits", CUMULATIVE, now(), 3)))
                + ","
                + resource("two-totals", scope("", sum("hits", CUMULATIVE, now(), 4))));

    assertThat(answer.body()).contains("\"rejectedDataPoints\":\"1\"").contains("conflict");
  }

  private static String resource(String service, String... scopes) {
    return """
    {"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"%s"}}]},
     "scopeMetrics":[%s]}\
    """
        .formatted(service, String.join(",", scopes));
  }

  private static String scope(String name, String metric) {
    return "{\"scope\":{\"name\":\"%s\"},\"metrics\":[%s]}".formatted(name, metric);
  }

  private static String sum(String name, int temporality, long millis, int value) {
    return """
    {"name":"%s","sum":{"isMonotonic":true,"aggregationTemporality":%d,"dataPoints":[
      {"timeUnixNano":"%d000000","asInt":"%d"}]}}\
    """
        .formatted(name, temporality, millis, value);
  }

  private static String exponential(String name, long millis, int count) {
    return """
    {"name":"%s","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[
      {"timeUnixNano":"%d000000","count":"%d","sum":%d,"scale":2,
       "positive":{"offset":0,"bucketCounts":["%d"]}}]}}\
    """
        .formatted(name, millis, count, count, count);
  }

  private HttpResponse<String> json(String resources) {
    var answer =
        post(
            "/v1/metrics",
            Map.of("Content-Type", "application/json"),
            ("{\"resourceMetrics\":[" + resources + "]}").getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer;
  }

  private List<Series> find(String name, String service) {
    return store.select(
        Stream.of(Matcher.eq(Labels.METRIC_NAME, name), Matcher.eq(Labels.SERVICE, service))
            .toList(),
        Instant.EPOCH,
        Instant.ofEpochMilli(now() + 60_000),
        100);
  }

  private double lastOf(Series series) {
    var samples = store.read(series, 0, now() + 60_000);
    return samples.value(samples.size() - 1);
  }
}
