package dev.watchtower.ingest.doors.web;

import static dev.watchtower.ingest.doors.web.IngestDoorsIT.REMOTE_WRITE;
import static dev.watchtower.ingest.doors.web.IngestDoorsIT.REMOTE_WRITE_2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Received is stored, duplicate and refused, whatever comes through which door. */
class AccountsIT extends IngestContext {
  private static final int REQUESTS = 240;
  private static final String WRITE = "/api/v1/write";
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

  @Test
  void ofGoodAndBadRequestsOfAllDoorsThatComeTogether() {
    var before = accounts();
    var statuses =
        IntStream.range(0, REQUESTS)
            .parallel()
            .mapToObj(n -> send(request(new Random(n))).statusCode())
            .collect(Collectors.toCollection(TreeSet::new));
    var after = accounts();

    assertThat(after[0]).isGreaterThan(before[0] + REQUESTS);
    assertThat(after[1]).isEqualTo(after[0]);
    assertThat(statuses).contains(200, 204, 400).doesNotContain(500, 503);
  }

  private HttpResponse<String> send(Request request) {
    return post(request.path(), request.headers(), request.body());
  }

  private Request request(Random random) {
    // Some are there already, with the same value or another; some are too old or have no name.
    var ts = now() + random.nextInt(20) - (random.nextInt(8) == 0 ? 400L * 86_400_000 : 0);
    var value = random.nextInt(3);
    var name = random.nextInt(6) == 0 ? "" : "account" + random.nextInt(4);
    var labels = Map.of("__name__", name, "n", Integer.toString(random.nextInt(3)));
    var request =
        switch (random.nextInt(6)) {
          case 0 -> write(new WriteRequests().series(labels, ts, value, ts + 1, value).raw());
          case 1 -> write(new WriteRequests().histogram(labels, histogram(random, ts)).raw());
          case 2 -> write2(WriteRequests.version2(List.of(labels), ts, value));
          case 3 -> write2(WriteRequests.histograms2(List.of(labels), histogram(random, ts)));
          case 4 -> json("/v1/metrics", OTLP.formatted(name, ts, value));
          default -> json("/api/v1/metrics", PLAIN.formatted(name, ts, value));
        };
    if (random.nextInt(10) == 0) {
      request.body()[random.nextInt(request.body().length)]++;
    }
    return request;
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
