package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Freshness.LastSample;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.SampleListener;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.SeriesStore.LimitExceededException;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StorageIT {
  private StorageOnPostgres postgres;
  private long now;

  @BeforeEach
  void freshDatabase() {
    postgres = new StorageOnPostgres();
    now = postgres.clock.millis();
  }

  @Test
  void readsWhatWasAcknowledgedAtOnce() {
    var store = postgres.open();

    var result = write(store, "up", now, 1);

    assertThat(result.stored()).isEqualTo(1);
    assertThat(read(store, "up").values()).containsExactly(1);
  }

  @Test
  void doesNotSayThatThereIsNoServiceBeforeItIsOpen() {
    write(postgres.open(), "up", now, 1);
    var store = postgres.notStarted();

    assertThatThrownBy(store::all).isInstanceOf(StoreUnavailableException.class);
    assertThatThrownBy(store::past).isInstanceOf(StoreUnavailableException.class);
    store.start();
    Awaitility.await().until(store::isReady);
    write(store, "up", now + 5_000, 1);

    assertThat(store.past())
        .as("before this start")
        .extracting(Freshness.LastSample::lastSample)
        .containsExactly(Instant.ofEpochMilli(now));
    assertThat(store.all())
        .extracting(Freshness.LastSample::lastSample)
        .containsExactly(Instant.ofEpochMilli(now + 5_000));
  }

  @Test
  void knowsWhatAServiceSentItselfAfterARestartToo() {
    postgres.settings = sealingAt(2);
    var store = postgres.open();
    write(store, "up", now - 10_000, 1);
    assertThat(store.all()).singleElement().extracting(LastSample::lastOwn).isNull();
    write(store, "orders", now - 10_000, 1);
    for (var ago = 9_000; ago >= 0; ago -= 1_000) {
      write(store, "up", now - ago, 0);
    }

    for (var life = 0; life < 2; life++) {
      assertThat(postgres.open().past())
          .containsExactly(
              new LastSample(
                  "default",
                  "default",
                  Instant.ofEpochMilli(now),
                  Instant.ofEpochMilli(now - 10_000)));
    }
  }

  @Test
  void losesNothingAcknowledgedWhenItIsKilledBetweenAnyTwoSteps() throws Exception {
    postgres.settings = sealingAt(300);
    var acknowledged = 0;
    for (var life = 0; life < 4; life++) {
      var store = postgres.open();
      assertThat(count(store)).isEqualTo(acknowledged);
      try (var senders = Executors.newFixedThreadPool(4)) {
        var base = now + life * 100_000L;
        var done = new ArrayList<java.util.concurrent.Future<Long>>();
        for (var sender = 0; sender < 4; sender++) {
          var name = "series_" + sender;
          done.add(
              senders.submit(() -> {
                var stored = 0L;
                for (var i = 0; i < 60; i++) {
                  stored += write(store, name, base + i * 1000L, i).stored();
                }
                return stored;
              }));
        }
        for (var one : done) {
          acknowledged += one.get().intValue();
        }
      }
      // No close: the next life finds what a kill -9 leaves, maybe in the middle of a sealing.
    }
    var last = postgres.open();

    assertThat(acknowledged).isEqualTo(4 * 4 * 60);
    assertThat(count(last)).isEqualTo(acknowledged);
  }

  @Test
  void findsABodyOfManyPagesAgainAfterACrash() throws SQLException {
    var store = postgres.open();
    var batch = new SampleBatch();
    var random = new Random(7);
    for (var i = 0; i < 3000; i++) {
      var admitted =
          (SeriesTable.Admission.Admitted)
              store.table().admit(Labels.of(Labels.METRIC_NAME, "pages", "i", "" + i % 60));
      batch.add(admitted.head(), now + i / 60, random.nextDouble());
    }
    store.write(store.table(), batch, BodyCodec.REMOTE_WRITE_1, null);
    write(store, "after", now, 2);

    // Otherwise this test shows nothing.
    assertThat(number("select count(*) from write_log where part > 0")).isGreaterThan(2);
    assertThat(number("select count(distinct position) from write_log")).isEqualTo(2);
    var last = postgres.open();

    assertThat(count(last)).isEqualTo(3001);
    assertThat(read(last, "after").values()).containsExactly(2);
  }

  @Test
  void sealsIntoChunksAndEmptiesTheLog() throws SQLException {
    postgres.settings = sealingAt(100);
    var store = postgres.open();
    for (var i = 0; i < 250; i++) {
      write(store, "counter", now + i * 1000L, i);
    }
    store.sealSoon();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> store.sealedSamples() == 250 && logged() == 0);

    var reopened = postgres.open();

    assertThat(number("select sum(samples) from block")).isEqualTo(250);
    assertThat(read(reopened, "counter").size()).isEqualTo(250);
    // Still known as duplicates after sealing and restart.
    assertThat(write(reopened, "counter", now + 249_000L, 249).duplicates()).isEqualTo(1);
    assertThat(write(reopened, "counter", now + 100_000L, 100).duplicates()).isEqualTo(1);
    assertThat(write(reopened, "counter", now + 250_000L, 250).stored()).isEqualTo(1);
  }

  @Test
  void readsOldChunksFromTheArchiveOnceTheyLeaveMemory() {
    postgres.settings = sealingAt(1);
    var store = postgres.open();
    for (var i = 0; i < 20; i++) {
      write(store, "old", now + i * 1000L, i);
    }
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.unsealedSamples() == 0);
    postgres.clock.advance(Duration.ofHours(3));
    var later = postgres.clock.millis();
    write(store, "old", later, 99);
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.sealedSamples() == 21);
    var reopened = postgres.open();

    for (var each : List.of(store, reopened)) {
      assertThat(read(each, "old").size()).isEqualTo(21);
      assertThatThrownBy(() ->
              each.reader()
                  .checked(() -> {
                    throw new IllegalStateException("no time is left");
                  })
                  .read(only(each, "old"), now + 5000, now + 7000))
          .hasMessage("no time is left");
      assertThat(each.reader().read(only(each, "old"), now + 5000, now + 7000).values())
          .containsExactly(5, 6, 7);
    }
  }

  @Test
  void changesNothingWhenTheSameSamplesComeTwice() {
    var store = postgres.open();
    write(store, "x", now, 1);
    write(store, "x", now + 1000, 2);

    var again = write(store, "x", now, 1);
    var other = write(store, "x", now, 7);

    assertThat(again.duplicates()).isEqualTo(1);
    assertThat(other.refusals().count(Refusal.CONFLICT)).isEqualTo(1);
    assertThat(read(store, "x").values()).containsExactly(1, 2);
  }

  @Test
  void takesLateSamplesWithinTheWindowAndRefusesOlderOnesWithAReason() {
    var store = postgres.open();
    write(store, "late", now, 10);
    var window = postgres.settings.outOfOrderWindow().toMillis();

    assertThat(write(store, "late", now - 5000, 5).stored()).isEqualTo(1);
    assertThat(write(store, "late", now - 7000, 3).stored()).isEqualTo(1);
    assertThat(write(store, "late", now - 5000, 5).duplicates()).isEqualTo(1);
    var tooOld = write(store, "late", now - window - 1, 1);

    assertThat(tooOld.refusals().count(Refusal.TOO_OLD)).isEqualTo(1);
    assertThat(tooOld.refusals().describe()).contains("late{", "too-old");
    assertThat(read(store, "late").values()).containsExactly(3, 5, 10);
  }

  @Test
  void refusesSamplesOfTheFutureAndOfBeforeTheRetention() {
    var store = postgres.open();

    var future = write(store, "x", now + Duration.ofMinutes(11).toMillis(), 1);
    var past = write(store, "x", now - postgres.settings.retention().raw().toMillis() - 1, 1);

    assertThat(future.refusals().count(Refusal.FUTURE)).isEqualTo(1);
    assertThat(past.refusals().count(Refusal.TOO_OLD)).isEqualTo(1);
    assertThat(store.reader().select(List.of(), Instant.EPOCH, Instant.MAX.minusSeconds(1), 10))
        .isEmpty();
  }

  @Test
  void keepsStaleMarkersBitByBit() {
    var store = postgres.open();
    write(store, "gone", now, 1);
    write(store, "gone", now + 1000, Samples.STALE);

    assertThat(Samples.isStale(read(store, "gone").value(1))).isTrue();
    assertThat(Samples.isStale(read(postgres.open(), "gone").value(1))).isTrue();
    assertThat(store.lastSample("default", "default")).contains(Instant.ofEpochMilli(now));
  }

  @Test
  void tellsListenersInOrderWhatWasStoredAndNothingElse() {
    var store = postgres.open();
    var heard = Collections.synchronizedList(new ArrayList<Double>());
    store.listen(
        new SampleListener() {
          @Override
          public String name() {
            return "test";
          }

          @Override
          public void accepted(AcceptedBatch batch) {
            for (var i = 0; i < batch.size(); i++) {
              heard.add(batch.value(i));
            }
          }
        });
    for (var i = 0; i < 50; i++) {
      write(store, "x", now + i, i);
      write(store, "x", now + i, i);
    }

    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> heard.size() == 50);
    assertThat(heard).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void limitsSeriesAndSaysSo() {
    postgres.settings = with(3, 2, 8_000_000);
    var store = postgres.open();

    assertThat(write(store, "a", now, 1).stored()).isEqualTo(1);
    assertThat(write(store, "b", now, 1).stored()).isEqualTo(1);
    assertThat(write(store, "c", now, 1).refusals().count(Refusal.NEW_SERIES_LIMIT)).isEqualTo(1);
    postgres.clock.advance(Duration.ofMinutes(1));
    assertThat(write(store, "c", now, 1).stored()).isEqualTo(1);
    assertThat(write(store, "d", now, 1).refusals().count(Refusal.SERIES_LIMIT)).isEqualTo(1);
    assertThat(write(store, "a", now + 1, 1).stored()).isEqualTo(1);
    // What was admitted once is not refused by the limits at replay.
    assertThat(count(postgres.open())).isEqualTo(4);
  }

  @Test
  void boundsWhatAQueryMayHave() {
    var store = postgres.open();
    for (var i = 0; i < 5; i++) {
      write(store, "s" + i, now, 1);
    }
    var reader = store.reader();
    var all = reader.select(List.of(), Instant.ofEpochMilli(now), Instant.ofEpochMilli(now), 5);

    assertThatThrownBy(
            () -> reader.select(List.of(), Instant.ofEpochMilli(now), Instant.ofEpochMilli(now), 4))
        .isInstanceOf(LimitExceededException.class);
    assertThatThrownBy(() -> reader.read(all, now, now, 4))
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void dropsDaysOlderThanTheRetention() throws SQLException {
    postgres.settings = sealingAt(1);
    var store = postgres.open();
    write(store, "x", now, 1);
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.sealedSamples() == 1);

    store.applyRetention();
    assertThat(store.housekeeping().dropped(Tier.RAW, Retention.Reason.AGE)).isZero();
    postgres.clock.advance(Duration.ofDays(17));
    write(store, "x", postgres.clock.millis(), 2);
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.sealedSamples() == 2);
    store.applyRetention();

    assertThat(store.housekeeping().dropped(Tier.RAW, Retention.Reason.AGE)).isEqualTo(1);
    assertThat(number("select count(*) from block")).isEqualTo(1);
  }

  static WriteResult write(TimeSeriesStore store, String name, long ts, double value) {
    var batch = new SampleBatch();
    switch (store.table().admit(Labels.of(Labels.METRIC_NAME, name))) {
      case SeriesTable.Admission.Admitted admitted -> batch.add(admitted.head(), ts, value);
      case SeriesTable.Admission.Refused refused ->
          batch.refuse(refused.reason(), 1, refused.message());
    }
    return store.write(store.table(), batch, BodyCodec.REMOTE_WRITE_1, null);
  }

  private dev.watchtower.ingest.series.Series only(TimeSeriesStore store, String name) {
    return store
        .reader()
        .select(
            List.of(Matcher.eq(Labels.METRIC_NAME, name)),
            Instant.ofEpochMilli(now - 86_400_000),
            Instant.ofEpochMilli(now + 86_400_000),
            1)
        .getFirst();
  }

  private Samples read(TimeSeriesStore store, String name) {
    return store.reader().read(only(store, name), now - 86_400_000, now + 86_400_000);
  }

  private int count(TimeSeriesStore store) {
    var reader = store.reader();
    var from = now - 86_400_000;
    var to = now + 86_400_000;
    return reader
        .select(List.of(), Instant.ofEpochMilli(from), Instant.ofEpochMilli(to), 100)
        .stream()
        .mapToInt(series -> reader.read(series, from, to).size())
        .sum();
  }

  private long logged() {
    try {
      return number("select count(*) from write_log");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private long number(String sql) throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static StorageSettings sealingAt(long samples) {
    return with(1_000_000, 200_000, samples);
  }

  private static StorageSettings with(int series, int newSeries, long sealSamples) {
    var d = StorageSettings.defaults();
    return new StorageSettings(
        d.serviceLabels(),
        d.envLabels(),
        series,
        newSeries,
        d.maxLabels(),
        d.maxLabelLength(),
        d.outOfOrderWindow(),
        d.retention(),
        sealSamples,
        d.sealAge(),
        d.memoryWindow(),
        d.memoryBytes());
  }
}
