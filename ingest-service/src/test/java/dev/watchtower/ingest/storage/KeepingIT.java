package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.query.SharedSamples;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.jdbc.PgChunkArchive;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is kept how long, and what can still be asked of it. */
class KeepingIT {
  private static final int SAMPLES = 4 * 60 * 2;

  private StorageOnPostgres postgres;
  private long now;

  @BeforeEach
  void freshDatabase() {
    postgres = new StorageOnPostgres();
    postgres.keepTwoDays(StorageSettings.defaults().outOfOrderWindow());
    now = postgres.clock.millis() / 3_600_000 * 3_600_000;
  }

  @Test
  void answersFromMinutesAndThenFromHoursOnceTheSamplesAreGone() {
    var store = postgres.open();
    twoHours(store, "requests_total");
    seal(store, SAMPLES);
    var sum = "sum_over_time(requests_total[2h])";
    var end = now + 7_199_999;
    var expected =
        List.of(value(store, sum, end), value(store, "increase(requests_total[2h])", end));

    postgres.clock.advance(Duration.ofDays(5));
    store.applyRetention();
    assertThat(store.housekeeping().dropped(Tier.RAW, Retention.Reason.AGE))
        .as("nothing newer has come: the clock may be wrong")
        .isZero();

    StorageIT.write(store, "alive", postgres.clock.millis(), 1);
    store.applyRetention();

    assertThat(store.housekeeping().dropped(Tier.RAW, Retention.Reason.AGE)).isEqualTo(SAMPLES);
    // The one that is opened last is the only one that may drop what is next.
    var reopened = postgres.open();
    for (var each : List.of(store, reopened)) {
      assertThat(value(each, sum, end)).isEqualTo(expected.get(0));
      assertThat(value(each, "count_over_time(requests_total[2h])", end)).isEqualTo(SAMPLES);
      assertThat(value(each, "max_over_time(requests_total[2h])", end)).isEqualTo(SAMPLES - 1);
      assertThat(value(each, "min_over_time(requests_total[1h])", end)).isEqualTo(SAMPLES / 2);
      assertThat(value(each, "increase(requests_total[2h])", end))
          .isCloseTo(expected.get(1), org.assertj.core.data.Percentage.withPercentage(2));
      assertThat(value(each, "requests_total", now + 3_600_000)).isEqualTo(SAMPLES / 2 - 1);
    }

    postgres.clock.advance(Duration.ofDays(20));
    StorageIT.write(reopened, "alive", postgres.clock.millis(), 1);
    reopened.applyRetention();

    assertThat(reopened.housekeeping().dropped(Tier.MINUTE, Retention.Reason.AGE)).isEqualTo(120);
    assertThat(value(reopened, sum, end)).isEqualTo(expected.get(0));
    assertThat(value(reopened, "requests_total", now + 3_600_000 + 1_800_000))
        .isEqualTo(SAMPLES / 2 - 1);
  }

  @Test
  void dropsNothingForSamplesThatAreStampedByAClockThatIsAhead() {
    postgres.doubt = Duration.ofDays(1);
    var store = postgres.open();
    twoHours(store, "x");
    seal(store, SAMPLES);
    store.applyRetention();
    postgres.clock.advance(Duration.ofDays(500));
    StorageIT.write(store, "alive", postgres.clock.millis(), 1);

    store.applyRetention();

    for (var tier : Tier.values()) {
      assertThat(store.housekeeping().dropped(tier, Retention.Reason.AGE)).as(tier.text()).isZero();
    }

    var reopened = postgres.open();
    reopened.applyRetention();

    for (var tier : Tier.values()) {
      assertThat(reopened.housekeeping().dropped(tier, Retention.Reason.AGE))
          .as("after a restart: " + tier.text())
          .isZero();
    }
  }

  /** There is room for nothing, and yesterday's last samples are in memory only. */
  @ParameterizedTest
  @CsvSource({"30, 121", "180, 269"})
  void leavesYesterdayUntilItIsSealedForCertain(int sealAge, int minutesPastMidnight) {
    postgres.sealSeldom(Duration.ofMinutes(sealAge));
    var store = postgres.open();
    var midnight = postgres.clock.instant().truncatedTo(ChronoUnit.DAYS).plus(1, ChronoUnit.DAYS);
    StorageIT.write(store, "x", now, 1);
    seal(store, 1);
    postgres.clock.set(midnight.minusSeconds(60));
    StorageIT.write(store, "x", postgres.clock.millis(), 2);
    postgres.clock.set(midnight.plusSeconds(minutesPastMidnight * 60L));
    StorageIT.write(store, "x", postgres.clock.millis(), 3);

    store.applyRetention();

    var dropped = store.housekeeping().dropped(Tier.RAW, Retention.Reason.SIZE);
    assertThat(dropped).isEqualTo(sealAge == 30 ? 1 : 0);
    postgres.clock.set(midnight.plusSeconds((sealAge + 91) * 60L));
    store.applyRetention();
    assertThat(store.housekeeping().dropped(Tier.RAW, Retention.Reason.SIZE)).isEqualTo(1);
  }

  /** There are only roll-ups of it: what came again would count twice in them. */
  @Test
  void doesNotTakeAgainWhatWasDroppedForItsSize() {
    postgres.sealSeldom(Duration.ofMinutes(30));
    var store = postgres.open();
    StorageIT.write(store, "x", now, 1);
    seal(store, 1);
    postgres.clock.set(Instant.ofEpochMilli(now).plus(30, ChronoUnit.HOURS));
    StorageIT.write(store, "x", postgres.clock.millis(), 2);
    store.applyRetention();
    assertThat(store.housekeeping().dropped(Tier.RAW, Retention.Reason.SIZE)).isEqualTo(1);

    var again = StorageIT.write(store, "y", now, 1);

    assertThat(again.stored()).isZero();
    assertThat(again.refusals().count(Refusal.TOO_OLD)).isEqualTo(1);
    var yesterday = postgres.clock.instant().minus(23, ChronoUnit.HOURS);
    assertThat(StorageIT.write(store, "y", yesterday.toEpochMilli(), 1).stored())
        .as("what is not a day old")
        .isEqualTo(1);
  }

  /** Who asks for old samples waits behind each attempt to drop some. */
  @Test
  void triesOneOfManyPartsThatAreReadAtATime() throws SQLException {
    var store = postgres.open();
    for (var day = 1; day <= 4; day++) {
      StorageIT.write(store, "x", postgres.clock.millis(), day);
      seal(store, day);
      postgres.clock.advance(Duration.ofDays(1));
    }
    postgres.clock.advance(Duration.ofDays(3));
    StorageIT.write(store, "x", postgres.clock.millis(), 5);
    try (var reader = postgres.dataSource.getConnection();
        var statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("select count(*) from block");
      var begin = System.nanoTime();
      assertThat(store.applyRetention()).isFalse();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
      reader.rollback();
    }

    assertThat(store.applyRetention()).isTrue();
    assertThat(store.housekeeping().dropped(Tier.RAW, Retention.Reason.AGE)).isEqualTo(4);
  }

  @Test
  void saysWhatCannotBeAskedOfRollUps() {
    var store = postgres.open();
    twoHours(store, "x");
    seal(store, SAMPLES);
    postgres.clock.advance(Duration.ofDays(5));
    StorageIT.write(store, "alive", postgres.clock.millis(), 1);
    store.applyRetention();

    assertThatThrownBy(() -> value(store, "stddev_over_time(x[1h])", now + 7_200_000))
        .hasMessageContaining("needs the samples themselves");
  }

  /** A minute takes the memory of three samples: its minimum, maximum, sum and count go with it. */
  @Test
  void countsAMinuteAsThreeSamples() {
    var store = postgres.open();
    twoHours(store, "x");
    seal(store, SAMPLES);
    postgres.clock.advance(Duration.ofDays(5));
    StorageIT.write(store, "alive", postgres.clock.millis(), 1);
    store.applyRetention();
    var expr = dev.watchtower.ingest.query.Parser.parse("count(sum_over_time(x[2h]))");
    var end = now + 7_199_999;

    for (var shared : List.of(true, false)) {
      var enough = engine(store, 3 * 120 + 20);
      var tooFew = engine(store, 3 * 120 - 1);
      var all = new SharedSamples(10_000, Duration.ofSeconds(1));
      try (var one = all.share();
          var other = all.share()) {
        var asks = shared ? enough.within(one) : enough;
        assertThat(asks.instant(expr, end)).isInstanceOf(Value.Vector.class);
        var isRefused = shared ? tooFew.within(other) : tooFew;
        assertThatThrownBy(() -> isRefused.instant(expr, end)).hasMessageContaining("samples");
      }
    }
  }

  @Test
  void forgetsASeriesOnceNothingIsLeftOfIt() throws SQLException {
    var store = postgres.open();
    twoHours(store, "short_lived");
    seal(store, SAMPLES);
    postgres.clock.advance(Duration.ofDays(200));
    StorageIT.write(store, "alive", postgres.clock.millis(), 1);
    seal(store, SAMPLES + 1);

    store.applyRetention();

    assertThat(store.seriesCount()).isEqualTo(1);
    assertThat(store.housekeeping().seriesRemoved(Housekeeping.Removal.EMPTY)).isEqualTo(1);
    assertThat(number("select count(*) from series")).isEqualTo(1);
    // It may come back, under a number of its own.
    var again = postgres.clock.millis() + 1000;
    assertThat(StorageIT.write(store, "short_lived", again, 7).stored()).isEqualTo(1);
    assertThat(value(store, "short_lived", again)).isEqualTo(7);
    assertThat(postgres.open().seriesCount()).isEqualTo(2);
  }

  /** What comes behind the drop fails: PostgreSQL may go away at any point. */
  @Test
  void readsMinutesOnceTheSamplesAreDroppedWhateverBecomesOfTheRun() throws SQLException {
    var store = postgres.open();
    StorageIT.write(store, "gone", now, 1);
    seal(store, 1);
    postgres.clock.advance(Duration.ofDays(140));
    now = postgres.clock.millis() / 3_600_000 * 3_600_000;
    twoHours(store, "x");
    seal(store, 1 + SAMPLES);
    postgres.clock.advance(Duration.ofDays(4));
    StorageIT.write(store, "alive", postgres.clock.millis(), 1);
    execute(
        "create function refuse() returns trigger language plpgsql as"
            + " $$ begin raise 'no'; end $$");
    execute("create trigger refuse before delete on series for each row execute function refuse()");

    assertThatThrownBy(store::applyRetention).isInstanceOf(StoreUnavailableException.class);

    assertThat(store.housekeeping().dropped(Tier.RAW, Retention.Reason.AGE)).isEqualTo(SAMPLES + 1);
    assertThat(value(store, "count_over_time(x[2h])", now + 7_199_999)).isEqualTo(SAMPLES);
  }

  @Test
  void readsAgainWhatIsDroppedWhileItReads() {
    var store = postgres.open();
    twoHours(store, "x");
    seal(store, SAMPLES);
    var series = store.reader().select(List.of(), Instant.EPOCH, postgres.clock.instant(), 1);
    postgres.clock.advance(Duration.ofDays(5));
    StorageIT.write(store, "alive", postgres.clock.millis(), 1);
    store.applyRetention();
    var dropped = new Zones(Long.MIN_VALUE, now + Duration.ofDays(1).toMillis());
    var looks = new AtomicInteger();
    var reader =
        new StoreReader(
            HeadIndex::new,
            () -> looks.getAndIncrement() == 0 ? Zones.ALL_RAW : dropped,
            new PgChunkArchive(postgres.dataSource, new PgFence()));

    assertThat(reader.read(series.getFirst(), now, now + 7_199_999).size()).isEqualTo(120);
  }

  @Test
  void storesWhatWasAlreadyOnItsWayToASeriesThatIsForgotten() {
    var store = postgres.open();
    twoHours(store, "gone");
    seal(store, SAMPLES);
    postgres.clock.advance(Duration.ofDays(200));
    var batch = new SampleBatch();
    var admitted =
        (SeriesTable.Admission.Admitted) store.table().admit(Labels.of(Labels.METRIC_NAME, "gone"));
    batch.add(admitted.head(), postgres.clock.millis(), 3);
    seal(store, SAMPLES);
    StorageIT.write(store, "other", postgres.clock.millis(), 1);
    seal(store, SAMPLES + 1);
    store.applyRetention();
    assertThat(admitted.head().isGone()).isTrue();

    assertThat(store.write(store.table(), batch, BodyCodec.REMOTE_WRITE_1, null).stored())
        .isEqualTo(1);

    assertThat(value(store, "gone", postgres.clock.millis())).isEqualTo(3);
  }

  @Test
  void countsEverySampleOnceWhateverBecomesOfIt() {
    var store = postgres.open();
    var random = new java.util.SplittableRandom(11);
    var sent = 0L;
    for (var i = 0; i < 300; i++) {
      var batch = new SampleBatch();
      for (var k = random.nextInt(1, 20); k > 0; k--) {
        sent++;
        var name = random.nextInt(10) == 0 ? "" : "s" + random.nextInt(5);
        // Old, late, twice, in conflict, of the future.
        var ts =
            now + (long) (random.nextInt(40) - 20) * (random.nextInt(8) == 0 ? 3_600_000 : 30_000);
        switch (store.table().admit(Labels.of("__name__", name))) {
          case SeriesTable.Admission.Admitted admitted ->
              batch.add(admitted.head(), ts, random.nextInt(3));
          case SeriesTable.Admission.Refused refused ->
              batch.refuse(refused.reason(), 1, refused.message());
        }
      }
      store.write(store.table(), batch, BodyCodec.REMOTE_WRITE_1, null);
    }

    var counters = store.counters();
    var refused = 0L;
    for (var reason : Refusal.values()) {
      refused += counters.refused(reason);
    }
    assertThat(counters.received()).isEqualTo(sent);
    assertThat(counters.stored() + counters.duplicate() + refused).isEqualTo(sent);
    for (var reason :
        List.of(Refusal.BAD_LABELS, Refusal.TOO_OLD, Refusal.FUTURE, Refusal.CONFLICT)) {
      assertThat(counters.refused(reason)).as(reason.text()).isPositive();
    }
    assertThat(counters.stored()).isPositive();
    assertThat(counters.duplicate()).isPositive();
  }

  private void twoHours(TimeSeriesStore store, String name) {
    for (var part = 0; part < 4; part++) {
      var batch = new SampleBatch();
      var admitted =
          (SeriesTable.Admission.Admitted) store.table().admit(Labels.of("__name__", name));
      for (var i = part * SAMPLES / 4; i < (part + 1) * SAMPLES / 4; i++) {
        batch.add(admitted.head(), now + i * 15_000L, i);
      }
      postgres.clock.advance(Duration.ofMinutes(30));
      store.write(store.table(), batch, BodyCodec.REMOTE_WRITE_1, null);
    }
  }

  private static void seal(TimeSeriesStore store, long samples) {
    store.sealSoon();
    Awaitility.await().atMost(10, TimeUnit.SECONDS).until(() -> store.sealedSamples() >= samples);
  }

  private static QueryEngine engine(TimeSeriesStore store, long samples) {
    return new QueryEngine(
        store.reader(), new QueryLimits(Duration.ofSeconds(10), samples, 11_000), System::nanoTime);
  }

  private static double value(TimeSeriesStore store, String query, long at) {
    var engine = new QueryEngine(store.reader(), QueryLimits.DEFAULT, System::nanoTime);
    var samples =
        ((Value.Vector) engine.instant(dev.watchtower.ingest.query.Parser.parse(query), at))
            .samples();
    assertThat(samples).as(query).hasSize(1);
    return samples.getFirst().value();
  }

  private void execute(String sql) throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
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
}
