package dev.watchtower.ingest.doors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.doors.json.JsonDoor;
import dev.watchtower.ingest.doors.otlp.OtlpDoor;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import dev.watchtower.ingest.storage.StorageSettings;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lists of labels for the service and environment, where a sender says these itself. */
class GivenIdentityIT {
  private final StorageOnPostgres postgres = new StorageOnPostgres();

  GivenIdentityIT() {
    var d = StorageSettings.defaults();
    postgres.settings =
        new StorageSettings(
            List.of("app", "job"),
            List.of("namespace"),
            d.maxSeries(),
            d.maxNewSeriesPerMinute(),
            d.maxLabels(),
            d.maxLabelLength(),
            d.outOfOrderWindow(),
            d.retention(),
            d.sealSamples(),
            d.sealAge(),
            d.memoryWindow(),
            d.memoryBytes());
  }

  @Test
  void whatTheResourceOrSampleSaysStands() {
    var store = postgres.open();
    for (var i = 0; i < 3; i++) {
      postgres.clock.advance(java.time.Duration.ofSeconds(1));
      send(store, i);
    }

    assertServices(store);
    // So it does when the log is played again.
    assertServices(postgres.open());
  }

  private void send(TimeSeriesStore store, int value) {
    var memory = RequestMemory.unlimited();
    var otlp =
        """
        {"resourceMetrics":[{"resource":{"attributes":[
           {"key":"service.name","value":{"stringValue":"checkout"}},
           {"key":"service.namespace","value":{"stringValue":"shop"}},
           {"key":"deployment.environment.name","value":{"stringValue":"prod"}}]},
         "scopeMetrics":[{"metrics":[
          {"name":"kept","gauge":{"dataPoints":[{"timeUnixNano":"%1$d000000","asDouble":%2$d,
           "attributes":[{"key":"namespace","value":{"stringValue":"other"}}]}]}},
          {"name":"wait","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[
           {"timeUnixNano":"%1$d000000","count":"2","sum":3,
            "attributes":[{"key":"namespace","value":{"stringValue":"other"}}],
            "positive":{"offset":0,"bucketCounts":["2"]}}]}}]}]},
         {"resource":{},"scopeMetrics":[{"metrics":[
          {"name":"listed","gauge":{"dataPoints":[{"timeUnixNano":"%1$d000000","asDouble":%2$d,
           "attributes":[{"key":"app","value":{"stringValue":"backup"}},
            {"key":"namespace","value":{"stringValue":"night"}}]}]}}]}]}]}
        """
            .formatted(postgres.clock.millis(), value);
    var taken = new OtlpDoor(store).accept(bytes(otlp), true, memory);
    assertThat(taken.written().refusals().describe()).isEmpty();
    var json =
        """
        {"samples":[
         {"service":"backup","env":"prod","name":"kept","labels":{"job":"nightly"},"value":%1$d},
         {"name":"listed","labels":{"job":"nightly","service":"x","namespace":"a"},"value":%1$d}]}
        """
            .formatted(value);
    assertThat(new JsonDoor(store, postgres.clock).accept(bytes(json), memory).stored())
        .isEqualTo(2);
  }

  private void assertServices(TimeSeriesStore store) {
    assertThat(services(store, "kept")).containsExactlyInAnyOrder("checkout/prod", "backup/prod");
    assertThat(services(store, "listed")).containsExactlyInAnyOrder("backup/night", "nightly/a");
    assertThat(services(store, "wait_count")).containsExactly("checkout/prod");
    assertThat(services(store, "wait_bucket")).isNotEmpty().containsOnly("checkout/prod");
    var count = store.reader().select(named("wait_count"), Instant.EPOCH, soon(), 10).getFirst();
    var samples = store.reader().read(count, 0, soon().toEpochMilli());
    assertThat(samples.value(samples.size() - 1)).isEqualTo(6);
  }

  private List<String> services(TimeSeriesStore store, String metric) {
    return store.reader().select(named(metric), Instant.EPOCH, soon(), 100).stream()
        .map(series -> series.service() + "/" + series.env())
        .toList();
  }

  private static List<Matcher> named(String metric) {
    return List.of(Matcher.eq(Labels.METRIC_NAME, metric));
  }

  private Instant soon() {
    return postgres.clock.instant().plusSeconds(60);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
