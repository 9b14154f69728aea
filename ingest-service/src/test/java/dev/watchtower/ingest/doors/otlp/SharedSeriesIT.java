package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Two processes that write the same series: nothing is refused, and the sender is told. */
class SharedSeriesIT {
  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final long now = postgres.clock.millis() - 60_000;
  private final TimeSeriesStore store = postgres.open();
  private final OtlpDoor door = new OtlpDoor(store);
  private String sdk = "opentelemetry";

  /** One process's word at a second: since when it runs, and its totals. */
  private record Told(int at, int start, int total) {}

  @Test
  void processesThatTakeTurnsAreNoticed() {
    assertQuiet(send(new Told(10, 0, 10_000)));
    assertShared(send(new Told(11, 1, 9_000)), 2);
    assertQuiet(send(new Told(15, 0, 10_001)));
    assertShared(send(new Told(16, 1, 9_001)), 2);

    assertThat(store.counters().fallenTotals()).isEqualTo(4);
  }

  /** As a collector sends them. */
  @Test
  void processesInOneRequestAreNoticed() {
    assertShared(send(new Told(10, 0, 10_000), new Told(11, 1, 9_000)), 2);
    assertShared(send(new Told(15, 0, 10_001), new Told(16, 1, 9_001)), 2);
  }

  @Test
  void aRestartIsNoFault() {
    assertQuiet(send(new Told(10, 0, 10_000)));
    assertQuiet(send(new Told(20, 12, 5)));
    assertQuiet(send(new Told(25, 12, 6)));
    // What comes late, and what says no start.
    assertQuiet(send(new Told(15, 12, 3)));
    assertQuiet(send(new Told(30, Integer.MIN_VALUE, 1)));
  }

  /** Its histograms may be of tasks that are under way: their counts fall when these end. */
  @Test
  void ofMicrometerOnlyCountersAreLookedAt() {
    sdk = "io.micrometer";
    assertQuiet(send(new Told(10, 0, 10_000)));
    assertShared(send(new Told(11, 1, 9_000)), 1);
  }

  private static void assertQuiet(OtlpDoor.Result result) {
    assertThat(result.warning()).isEmpty();
    assertThat(new String(OtlpAnswers.success(result, true), StandardCharsets.UTF_8))
        .isEqualTo("{}");
  }

  private static void assertShared(OtlpDoor.Result result, int totals) {
    assertThat(result.rejectedPoints()).isZero();
    assertThat(result.written().refusals().total()).isZero();
    assertThat(new String(OtlpAnswers.success(result, true), StandardCharsets.UTF_8))
        .contains("\"rejectedDataPoints\":\"0\"", "service.instance.id", totals + " stored");
    assertThat(OtlpAnswers.success(result, false)).isNotEmpty();
  }

  /** A counter, a histogram, and a gauge and an up-down-counter, which may fall. */
  private OtlpDoor.Result send(Told... told) {
    var resources =
        Arrays.stream(told)
            .map(t ->
                """
                {"resource":{"attributes":[
                   {"key":"telemetry.sdk.name","value":{"stringValue":"%3$s"}},
                   {"key":"service.name","value":{"stringValue":"gunicorn"}}]},
                 "scopeMetrics":[{"metrics":[
                  {"name":"jobs","sum":{"aggregationTemporality":2,"isMonotonic":true,
                   "dataPoints":[{%1$s,"asInt":"%2$d"}]}},
                  {"name":"wait","histogram":{"aggregationTemporality":2,
                   "dataPoints":[{%1$s,"count":"%2$d","sum":1,"explicitBounds":[1],
                    "bucketCounts":["%2$d","0"]}]}},
                  {"name":"open","sum":{"aggregationTemporality":2,
                   "dataPoints":[{%1$s,"asInt":"%2$d"}]}},
                  {"name":"heat","gauge":{"dataPoints":[{%1$s,"asInt":"%2$d"}]}}]}]}
                """
                    .formatted(times(t), t.total, sdk))
            .collect(Collectors.joining(","));
    var body = "{\"resourceMetrics\":[" + resources + "]}";
    return door.accept(body.getBytes(StandardCharsets.UTF_8), true, RequestMemory.unlimited());
  }

  private String times(Told told) {
    var start = told.start == Integer.MIN_VALUE ? 0 : now + told.start * 1000L;
    return "\"startTimeUnixNano\":\"%d000000\",\"timeUnixNano\":\"%d000000\""
        .formatted(start, now + told.at * 1000L);
  }
}
