package dev.watchtower.ingest.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.detection.anomaly.SavedModels;
import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.BodyCodec;
import dev.watchtower.ingest.storage.Retention;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTable;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import dev.watchtower.ingest.storage.Tier;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class HourlyRunIT extends IngestContext {
  @Autowired private ChangeEvents events;
  @Autowired private SavedModels models;
  @Autowired private SavedCounts counts;

  @BeforeEach
  void somethingIsHeardToday() {
    write(storage, now());
  }

  @Test
  void takesNothingAwayBecauseTheClockIsAhead() {
    var postgres = new StorageOnPostgres();
    postgres.clock.set(Instant.ofEpochMilli(now()));
    var store = postgres.open();
    write(store, postgres.clock.millis());
    var time = postgres.clock.instant();
    event("kept", time);
    models.save(new ServiceKey("kept", "hourly"), time.toEpochMilli(), new byte[1]);
    var hour = time.toEpochMilli() / 3_600_000;
    counts.save("kept", "hourly", Map.of(hour, List.of(new Counts(1, 2))));
    postgres.clock.advance(Duration.ofDays(1000));

    new HourlyRun(store, events, models, counts).run();

    assertThat(events.byId("kept", "/hourly")).hasSize(1);
    assertThat(models.load(new ServiceKey("kept", "hourly"))).isPresent();
    assertThat(counts.load("kept", "hourly", 1, 0, Long.MAX_VALUE)).containsOnlyKeys(hour);
  }

  @Test
  void deletesChangeEventsThatAreOlderThanTheHours() {
    var kept = storage.settings().retention().hour();
    var now = Instant.ofEpochMilli(now());
    event("old", now.minus(kept).minus(Duration.ofMinutes(1)));
    event("young", now.minus(kept).plus(Duration.ofMinutes(10)));

    new HourlyRun(storage, events, models, counts).run();

    assertThat(events.byId("old", "/hourly")).isEmpty();
    assertThat(events.byId("young", "/hourly")).hasSize(1);
  }

  @Test
  void deletesModelsOfServicesThatAreGoneLongerThanSamplesAreKept() {
    var kept = storage.settings().retention().raw();
    var limit = Instant.ofEpochMilli(now()).minus(kept);
    var old = new ServiceKey("gone", "hourly");
    var young = new ServiceKey("here", "hourly");
    models.save(old, limit.minus(Duration.ofMinutes(1)).toEpochMilli(), new byte[1]);
    models.save(young, limit.plus(Duration.ofMinutes(10)).toEpochMilli(), new byte[1]);

    new HourlyRun(storage, events, models, counts).run();

    assertThat(models.load(old)).isEmpty();
    assertThat(models.load(young)).isPresent();
  }

  @Test
  void deletesCountsThatNoSloLooksBackAt() {
    var oldest = Instant.ofEpochMilli(now()).minus(Duration.ofDays(90)).toEpochMilli() / 3_600_000;
    var hour = List.of(new Counts(1, 2));
    counts.save("gone", "hourly", Map.of(oldest - 1, hour, oldest + 1, hour));

    new HourlyRun(storage, events, models, counts).run();

    assertThat(counts.load("gone", "hourly", 1, 0, Long.MAX_VALUE)).containsOnlyKeys(oldest + 1);
  }

  @Test
  void dropsAMinuteLaterWhatSomebodyWasReading() throws SQLException {
    var postgres = new StorageOnPostgres();
    var store = postgres.open();
    oneThatIsTooOld(postgres, store, 1);
    var run = new HourlyRun(store, events, models, counts);

    try (var reader = postgres.dataSource.getConnection();
        var statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("select count(*) from block");
      run.run();
      assertThat(dropped(store)).isZero();
      reader.rollback();
    }
    run.run();
    assertThat(dropped(store)).isEqualTo(1);

    // Then it is an hour until the next.
    oneThatIsTooOld(postgres, store, 2);
    for (var minute = 1; minute < 60; minute++) {
      run.run();
    }
    assertThat(dropped(store)).isEqualTo(1);
    run.run();
    assertThat(dropped(store)).isEqualTo(2);
  }

  private static void oneThatIsTooOld(StorageOnPostgres postgres, TimeSeriesStore store, int seal) {
    write(store, postgres.clock.millis());
    store.sealSoon();
    await().until(() -> store.sealedSamples() == seal);
    postgres.clock.advance(store.settings().retention().raw().plus(Duration.ofDays(2)));
    write(store, postgres.clock.millis());
  }

  private static long dropped(TimeSeriesStore store) {
    return store.housekeeping().dropped(Tier.RAW, Retention.Reason.AGE);
  }

  private static void write(TimeSeriesStore store, long at) {
    var batch = new SampleBatch();
    var admitted = (SeriesTable.Admission.Admitted) store.table().admit(Labels.of("__name__", "x"));
    batch.add(admitted.head(), at, 1);
    store.write(store.table(), batch, BodyCodec.REMOTE_WRITE_1, null);
  }

  private void event(String id, Instant time) {
    var body =
        """
        {"specversion":"1.0","id":"%s","source":"/hourly","type":"dev.watchtower.annotation",
         "time":"%s","data":{"service":"hourly","text":"changed"}}
        """
            .formatted(id, time);
    var answer =
        post(
            "/api/v1/events",
            Map.of("Content-Type", "application/cloudevents+json"),
            body.getBytes(StandardCharsets.UTF_8));
    // The service has an hourly run of its own: what is old may be gone as soon as it is stored.
    assertThat(answer.body()).isEqualTo("{\"stored\":1,\"duplicates\":0}");
  }
}
