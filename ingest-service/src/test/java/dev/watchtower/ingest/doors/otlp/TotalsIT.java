package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Running totals of exponential histograms with deltas. */
class TotalsIT {
  /** Positive, negative and no values, with a scale that is as fine as the SDK could have it. */
  private static final String[] POINTS = {
    positive(2, 0, "1", "2", "3"),
    "\"count\":\"2\",\"scale\":20,\"zeroCount\":\"2\"",
    positive(5, 40, "0", "7", "1"),
    "\"count\":\"3\",\"sum\":-5,\"scale\":3,\"negative\":{\"offset\":4,\"bucketCounts\":[\"1\",\"2\"]}",
    positive(1, -9, "4"),
    positive(3, 7, "1", "0", "0", "5"),
    positive(0, 3, "2", "1"),
    positive(2, 1, "1"),
  };

  private final StorageOnPostgres postgres = new StorageOnPostgres();

  private static String positive(int scale, int offset, String... counts) {
    var sum = Stream.of(counts).mapToInt(Integer::parseInt).sum();
    return "\"count\":\"%d\",\"sum\":9,\"scale\":%d,\"positive\":{\"offset\":%d,\"bucketCounts\":[\"%s\"]}"
        .formatted(sum, scale, offset, String.join("\",\"", counts));
  }

  @Test
  void goesOnAfterAStartFromWhatIsStored() throws Exception {
    var whole = postgres.open();
    var door = new OtlpDoor(whole);
    var other = new StorageOnPostgres();
    var store = other.open();
    var restarted = new OtlpDoor(store);
    for (var i = 0; i < 8; i++) {
      postgres.clock.advance(Duration.ofSeconds(1));
      other.clock.advance(Duration.ofSeconds(1));
      var body = body("r", postgres.clock.millis(), POINTS[i]);
      assertThat(send(door, body).written().refusals().describe()).isEmpty();
      store = other.open();
      restarted = new OtlpDoor(store);
      assertThat(send(restarted, body).written().refusals().describe()).isEmpty();

      // After the next start it is one that was sent twice.
      store = other.open();
      restarted = new OtlpDoor(store);
      var again = send(restarted, body);
      assertThat(again.rejectedPoints()).isZero();
      assertThat(again.written().stored()).isZero();
      var late = send(restarted, body("r", postgres.clock.millis() - 1, POINTS[i]));
      assertThat(late.written().refusals().describe()).contains("older than the last one");
      assertThat(late.written().refusals().count(Refusal.UNSUPPORTED)).isZero();
      assertThat(late.written().stored()).isZero();
    }

    assertThat(buckets(whole)).hasSizeGreaterThan(10);
    assertThat(buckets(store)).isEqualTo(buckets(whole));
    store.close();
    whole.close();
  }

  @Test
  void beginsAnewWithTheCountAfterAnEndAndAfterADeltaThatWasNotStored() {
    var store = postgres.open();
    var door = new OtlpDoor(store);
    send(door, "r");
    postgres.clock.advance(Duration.ofSeconds(1));
    send(door, body("r", postgres.clock.millis(), "\"flags\":1"));
    var future = postgres.clock.millis() + 3_600_000;
    assertThat(send(door, body("r", future, POINTS[0])).written().stored()).isZero();

    assertThat(send(door, "r").written().refusals().describe()).isEmpty();

    assertThat(buckets(store).values())
        .allSatisfy(values ->
            assertThat(values.getLast()).isLessThanOrEqualTo(6.0).isEqualTo(values.getFirst()));
  }

  /** Of all finite bounds: the values, in order of time. */
  private Map<Labels, List<Double>> buckets(TimeSeriesStore store) {
    var reader = store.reader();
    var now = postgres.clock.instant().plusSeconds(60);
    var found = new HashMap<Labels, List<Double>>();
    for (var series :
        reader.select(
            List.of(Matcher.eq(Labels.METRIC_NAME, "wait_bucket")), Instant.EPOCH, now, 1000)) {
      if (!series.labels().getOrEmpty("le").equals("+Inf")) {
        var samples = reader.read(series, 0, now.toEpochMilli());
        found.put(
            series.labels(),
            DoubleStream.of(samples.values())
                .filter(value -> !Double.isNaN(value))
                .boxed()
                .toList());
      }
    }
    return found;
  }

  private OtlpDoor.Result send(OtlpDoor door, String route) {
    postgres.clock.advance(Duration.ofSeconds(1));
    return send(door, body(route, postgres.clock.millis(), POINTS[0]));
  }

  private static OtlpDoor.Result send(OtlpDoor door, byte[] body) {
    return door.accept(body, true, RequestMemory.unlimited());
  }

  private static byte[] body(String route, long ts, String point) {
    return """
    {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
      {"name":"wait","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[
        {"timeUnixNano":"%d000000",%s,
         "attributes":[{"key":"route","value":{"stringValue":"%s"}}]}]}}]}]}]}
    """
        .formatted(ts, point, route)
        .getBytes(StandardCharsets.UTF_8);
  }
}
