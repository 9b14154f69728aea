package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.storage.Refusal;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the door keeps in memory of exponential histograms with deltas. */
class TotalsIT {
  private final StorageOnPostgres postgres = new StorageOnPostgres();

  @Test
  void keepsNothingForSeriesThatAreNotAdmitted() {
    postgres.limitSeries(40);
    var door = new OtlpDoor(postgres.open());

    assertThat(send(door, "first").written().refusals().total()).isZero();
    var kept = door.heldBuckets();
    assertThat(kept).isEqualTo(3);

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

  private OtlpDoor.Result send(OtlpDoor door, String route) {
    postgres.clock.advance(java.time.Duration.ofSeconds(1));
    var body =
        """
        {"resourceMetrics":[{"scopeMetrics":[{"metrics":[
          {"name":"wait","exponentialHistogram":{"aggregationTemporality":1,"dataPoints":[
            {"timeUnixNano":"%d000000","count":"6","sum":9,"scale":2,
             "attributes":[{"key":"route","value":{"stringValue":"%s"}}],
             "positive":{"offset":0,"bucketCounts":["1","2","3"]}}]}}]}]}]}
        """
            .formatted(postgres.clock.millis(), route);
    return door.accept(body.getBytes(StandardCharsets.UTF_8), true, RequestMemory.unlimited());
  }
}
