package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.BodyReader;
import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.RequestRefusedException;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the door keeps in memory of exponential histograms with deltas. */
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

  /** An entry of three buckets. */
  private static final int ONE = 8 + 3;

  private static final int MANY = 5_000;

  /** The end of a point of body's "r", to have another one behind it. */
  private static final String ROUTE =
      ",\"attributes\":[{\"key\":\"route\",\"value\":{\"stringValue\":\"r\"}}]}";

  private final StorageOnPostgres postgres = new StorageOnPostgres();

  private static String positive(int scale, int offset, String... counts) {
    var sum = Stream.of(counts).mapToInt(Integer::parseInt).sum();
    return "\"count\":\"%d\",\"sum\":9,\"scale\":%d,\"positive\":{\"offset\":%d,\"bucketCounts\":[\"%s\"]}"
        .formatted(sum, scale, offset, String.join("\",\"", counts));
  }

  @Test
  void keepsNothingForSeriesThatAreNotAdmitted() {
    postgres.limitSeries(40);
    var door = new OtlpDoor(postgres.open());

    assertThat(send(door, "first").written().refusals().total()).isZero();
    var kept = door.heldBuckets();
    assertThat(kept).isEqualTo(ONE);

    for (var i = 0; i < 20; i++) {
      var last = send(door, "another-" + i);
      if (i > 5) {
        assertThat(last.written().refusals().count(Refusal.SERIES_LIMIT)).isPositive();
      }
    }

    assertThat(door.heldBuckets()).isBetween(kept, 4 * kept);
    // Those that were admitted go on.
    assertThat(send(door, "first").written().refusals().total()).isZero();
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
  void goesOnFromWhatIsStoredWhereThereWereTooManyForTheMemory() {
    var store = postgres.open();
    var door = new OtlpDoor(store, List.of(), new BucketTotals(ONE + 1));
    for (var i = 0; i < 3; i++) {
      send(door, "a");
      send(door, "b");
    }

    assertThat(door.heldBuckets()).isEqualTo(ONE);
    assertThat(buckets(store))
        .anySatisfy((labels, values) -> assertThat(values).containsExactly(6.0, 12.0, 18.0));
    assertThat(buckets(store).values())
        .allSatisfy(values -> assertThat(values).hasSize(3).isSorted());
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

  @Test
  void looksAtNoMoreSeriesThanARequestMay() {
    var store = postgres.open();
    send(new OtlpDoor(store), "a");
    var sent = Labels.of(Labels.METRIC_NAME, "wait_count", "route", "a");
    var counts = List.of(store.table().identity().identify(sent));
    var totals = new BucketTotals();

    var none = new DeltaBuckets(totals, store.table(), RequestMemory.unlimited(), 0);
    assertThatThrownBy(() -> none.known("wait_bucket", counts))
        .isInstanceOf(RequestRefusedException.class);
    var some = new DeltaBuckets(totals, store.table(), RequestMemory.unlimited(), 1);
    some.known("wait_bucket", counts);

    assertThat(totals.held()).isEqualTo(ONE);
    // What was found then is not looked for again.
    none.known("wait_bucket", counts);
  }

  @Test
  void takesNoMoreMemoryForNamesThanARequestMayHave() {
    var door = new OtlpDoor(postgres.open());
    var bodies = new BodyReader(() -> 4 << 20, 20 << 20);
    // Of a scale that nobody has, so that nothing but the names is made of them.
    var point = ExponentialHistogramDataPoint.newBuilder().setScale(1000);

    var withTimes = manyInAWideScope(500, point.setTimeUnixNano(1_000_000).build());
    assertThatThrownBy(() ->
            bodies.decoded(
                new ByteArrayInputStream(withTimes),
                withTimes.length,
                null,
                (body, memory) -> door.accept(body, false, memory)))
        .isInstanceOfSatisfying(
            BadBodyException.class,
            e -> assertThat(e.kind()).isEqualTo(BadBodyException.Kind.TOO_LARGE));
  }

  @Test
  void makesNoNamesForPointsWithoutATime() throws IOException {
    var door = new OtlpDoor(postgres.open());
    var bodies = new BodyReader(() -> 4 << 20, 20 << 20);
    var withoutTimes = manyInAWideScope(500, ExponentialHistogramDataPoint.getDefaultInstance());

    var result =
        bodies.decoded(
            new ByteArrayInputStream(withoutTimes),
            withoutTimes.length,
            null,
            (body, memory) -> door.accept(body, false, memory));

    assertThat(result.rejectedPoints()).isEqualTo(result.points()).isEqualTo(MANY);
    assertThat(result.written().refusals().describe()).contains("without a time");
  }

  @Test
  void saysTheSameOfARequestHoweverOftenItComes() throws IOException {
    var door = new OtlpDoor(postgres.open());
    // Enough for the names of all points once, and not for the samples of all.
    var bodies = new BodyReader(() -> 4 << 20, 12 << 20);
    var nanos = postgres.clock.millis() * 1_000_000;
    var body =
        manyInAWideScope(
            50,
            ExponentialHistogramDataPoint.newBuilder().setTimeUnixNano(nanos).setCount(5).build());

    for (var i = 0; i < 4; i++) {
      var result =
          bodies.decoded(
              new ByteArrayInputStream(body),
              body.length,
              null,
              (bytes, memory) -> door.accept(bytes, false, memory));

      assertThat(result.rejectedPoints()).isEqualTo(MANY - 1);
      assertThat(result.written().refusals().describe()).contains("two deltas of one time");
      assertThat(result.written().stored()).isEqualTo(i == 0 ? 3 : 0);
      assertThat(result.written().duplicates()).isEqualTo(i == 0 ? 0 : 3);
    }
  }

  private static byte[] manyInAWideScope(int attributes, ExponentialHistogramDataPoint point) {
    var scope = InstrumentationScope.newBuilder();
    for (var i = 0; i < attributes; i++) {
      scope.addAttributes(
          KeyValue.newBuilder().setKey("a" + i).setValue(AnyValue.newBuilder().setIntValue(i)));
    }
    var histogram =
        ExponentialHistogram.newBuilder()
            .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
            .addAllDataPoints(Collections.nCopies(MANY, point));
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .setScope(scope)
                        .addMetrics(
                            Metric.newBuilder().setName("m").setExponentialHistogram(histogram))))
        .build()
        .toByteArray();
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

  @Test
  void aDeltaThatIsTooFarFromTheOthersLeavesThoseBehindItInPeace() {
    var store = postgres.open();
    var door = new OtlpDoor(store);
    send(door, "r");
    var from = postgres.clock.millis();

    // Three times of one series in one request; the one in the middle is of much larger values.
    var result =
        send(
            door,
            body(
                "r",
                from + 1000,
                POINTS[0]
                    + "%s,{\"timeUnixNano\":\"%d000000\",%s"
                        .formatted(ROUTE, from + 2000, positive(2, 50_000, "1"))
                    + "%s,{\"timeUnixNano\":\"%d000000\",%s"
                        .formatted(ROUTE, from + 3000, POINTS[0])));

    assertThat(result.rejectedPoints()).isEqualTo(1);
    assertThat(result.written().refusals().describe()).contains("too wide a range");
    assertThat(buckets(store))
        .anySatisfy((labels, values) -> assertThat(values).containsExactly(6.0, 12.0, 18.0));
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
