package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Resources that only differ in what is no label by itself. */
class ResourceLabelsIT {
  private final StorageOnPostgres postgres = new StorageOnPostgres();

  @Test
  void keepApartWhatOneInstanceSaysOfTwoHosts() {
    try (var store = postgres.open()) {
      var door = new OtlpDoor(store, List.of("icinga2.host.name"));
      var body =
          "{\"resourceMetrics\":[%s,%s]}".formatted(resource("web01", 7), resource("web02", 8));

      var result =
          door.accept(body.getBytes(StandardCharsets.UTF_8), true, RequestMemory.unlimited());

      assertThat(result.written().refusals().describe()).isEmpty();
      for (var name : List.of("perfdata", "target_info")) {
        assertThat(
                store
                    .reader()
                    .select(
                        List.of(Matcher.eq(Labels.METRIC_NAME, name)),
                        Instant.EPOCH,
                        postgres.clock.instant().plusSeconds(60),
                        10))
            .as(name)
            .extracting(series -> series.labels().getOrEmpty("icinga2_host_name"))
            .containsExactlyInAnyOrder("web01", "web02");
      }
    }
  }

  private String resource(String host, int value) {
    return """
    {"resource":{"attributes":[
       {"key":"service.name","value":{"stringValue":"Icinga 2"}},
       {"key":"service.instance.id","value":{"stringValue":"unknown"}},
       {"key":"icinga2.host.name","value":{"stringValue":"%s"}}]},
     "scopeMetrics":[{"metrics":[{"name":"perfdata","gauge":{"dataPoints":[
       {"timeUnixNano":"%d000000","asDouble":%d}]}}]}]}
    """
        .formatted(host, postgres.clock.millis(), value);
  }
}
