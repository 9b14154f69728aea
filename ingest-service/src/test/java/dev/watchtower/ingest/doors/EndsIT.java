package dev.watchtower.ingest.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Histograms and summaries whose last word is that they have ended. */
class EndsIT extends IngestContext {
  private static final Map<String, String> REMOTE_WRITE =
      Map.of("Content-Type", "application/x-protobuf", "Content-Encoding", "snappy");

  @Test
  void endsEveryBucketOfAnOtlpHistogram() {
    otlp(
        """
        {"name":"ends","histogram":{"aggregationTemporality":2,"dataPoints":[
          {"timeUnixNano":"%1$d000000","count":"3","sum":4,"bucketCounts":["1","1","1"],
           "explicitBounds":[1,2],"attributes":[{"key":"route","value":{"stringValue":"/a"}}]},
          {"timeUnixNano":"%1$d000000","count":"3","sum":4,"bucketCounts":["1","1","1"],
           "explicitBounds":[1,2],"attributes":[{"key":"route","value":{"stringValue":"/b"}}]}]}}
        """
            .formatted(now() - 3000));
    var end =
        """
        {"name":"ends","histogram":{"aggregationTemporality":2,"dataPoints":[
          {"timeUnixNano":"%d000000","flags":1,
           "attributes":[{"key":"route","value":{"stringValue":"/a"}}]}]}}
        """;
    otlp(end.formatted(now() - 2000));
    // What has ended is not ended once more.
    otlp(end.formatted(now() - 1000));

    assertThat(find("ends_bucket", "/a")).hasSize(3).allSatisfy(this::ended);
    assertThat(find("ends_bucket", "/a"))
        .allSatisfy(s -> assertThat(samples(s).size()).isEqualTo(2));
    assertThat(find("ends_sum", "/a")).hasSize(1).allSatisfy(this::ended);
    assertThat(find("ends_count", "/a")).hasSize(1).allSatisfy(this::ended);
    assertThat(find("ends_bucket", "/b")).hasSize(3).noneMatch(this::isEnded);
  }

  @Test
  void endsAHistogramWhoseLastWordNamesItsBoundsWithoutCounts() {
    otlp(
        """
        {"name":"named","histogram":{"aggregationTemporality":2,"dataPoints":[
          {"timeUnixNano":"%d000000","count":"2","sum":1,"bucketCounts":["1","1"],
           "explicitBounds":[1]}]}}
        """
            .formatted(now() - 3000));
    otlp(
        """
        {"name":"named","histogram":{"aggregationTemporality":2,"dataPoints":[
          {"timeUnixNano":"%d000000","flags":1,"explicitBounds":[1],"bucketCounts":["0"]}]}}
        """
            .formatted(now() - 2000));

    assertThat(find("named_bucket", "")).hasSize(2).allSatisfy(this::ended);
  }

  @Test
  void endsEveryQuantileOfASummary() {
    otlp(
        """
        {"name":"lasts","summary":{"dataPoints":[{"timeUnixNano":"%d000000","count":"2","sum":3,
          "quantileValues":[{"quantile":0.5,"value":1},{"quantile":0.9,"value":2}]}]}}
        """
            .formatted(now() - 3000));
    otlp(
        """
        {"name":"lasts","summary":{"dataPoints":[{"timeUnixNano":"%d000000","flags":1}]}}
        """
            .formatted(now() - 2000));

    assertThat(find("lasts", "")).hasSize(2).allSatisfy(this::ended);
    assertThat(find("lasts_count", "")).hasSize(1).allSatisfy(this::ended);
  }

  @Test
  void endsEveryBucketOfANativeHistogram() {
    var labels = Map.of("__name__", "native_ends", "service", "a", "env", "prod");
    for (var histogram :
        List.of(
            WriteRequests.nativeHistogram(now() - 3000),
            WriteRequests.endedHistogram(now() - 2000))) {
      var body = new WriteRequests().histogram(labels, histogram).body();
      assertThat(post("/api/v1/write", REMOTE_WRITE, body).statusCode()).isEqualTo(204);
    }

    assertThat(find("native_ends_bucket", "").size()).isGreaterThan(3);
    assertThat(find("native_ends_bucket", "")).allSatisfy(this::ended);
    assertThat(find("native_ends_sum", "")).hasSize(1).allSatisfy(this::ended);
  }

  /** An agent does not remember what a series was. */
  @Test
  void endsANativeHistogramByAPlainMarkerOfItsName() {
    var labels = Map.of("__name__", "agent_ends", "service", "a", "env", "prod");
    var histogram = WriteRequests.nativeHistogram(now() - 3000);
    var body = new WriteRequests().histogram(labels, histogram).body();
    assertThat(post("/api/v1/write", REMOTE_WRITE, body).statusCode()).isEqualTo(204);

    var marker = new WriteRequests().series(labels, now() - 2000, Samples.STALE).body();
    var answer = post("/api/v1/write", REMOTE_WRITE, marker);

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().firstValue("X-Prometheus-Remote-Write-Samples-Written"))
        .hasValue("1");
    assertThat(find("agent_ends_bucket", "").size()).isGreaterThan(3);
    assertThat(find("agent_ends_bucket", "")).allSatisfy(this::ended);
    assertThat(find("agent_ends_count", "")).hasSize(1).allSatisfy(this::ended);
    assertThat(find("agent_ends", "")).isEmpty();
  }

  private void otlp(String metric) {
    var body = "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[" + metric + "]}]}]}";
    var answer =
        post(
            "/v1/metrics",
            Map.of("Content-Type", "application/json"),
            body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.body()).isEqualTo("{}");
  }

  private List<Series> find(String name, String route) {
    return store
        .select(
            List.of(Matcher.eq("__name__", name)),
            Instant.EPOCH,
            Instant.ofEpochMilli(now() + 60_000),
            100)
        .stream()
        .filter(series -> series.labels().getOrEmpty("route").equals(route))
        .toList();
  }

  private Samples samples(Series series) {
    return store.read(series, 0, now() + 60_000);
  }

  private boolean isEnded(Series series) {
    var samples = samples(series);
    return Samples.isStale(samples.value(samples.size() - 1));
  }

  private void ended(Series series) {
    assertThat(isEnded(series)).as("%s has ended", series.labels()).isTrue();
  }
}
