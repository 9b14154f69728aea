package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.Housekeeping.Removal;
import dev.watchtower.ingest.storage.jdbc.FaultyDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Series that ended, while there are nearly as many as there may be. */
class SeriesRoomIT {
  private static final int MOST = 20;
  private static final Duration DAY = Duration.ofDays(1);

  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private TimeSeriesStore store;
  private long first;
  private int sealed;

  @BeforeEach
  void roomForTwenty() {
    postgres.limitSeries(MOST);
    store = postgres.open();
    first = postgres.clock.millis();
  }

  @Test
  void makeRoomForNewOnesTheOldestFirst() {
    // As pods that are there for a day each; the last three days fill it up.
    pods("monday", 7);
    pods("tuesday", 7);
    pods("wednesday", 6);
    assertThat(write("new").refusals().count(Refusal.SERIES_LIMIT)).isEqualTo(1);

    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> store.housekeeping().seriesRemoved(Removal.LIMIT) > 0);

    assertThat(write("new").stored()).isEqualTo(1);
    assertThat(store.housekeeping().seriesRemoved(Removal.LIMIT)).isEqualTo(2);
    assertThat(names(store)).contains("monday-2", "tuesday-0", "wednesday-0", "new");
    assertThat(names(store)).doesNotContain("monday-0", "monday-1");
    assertThat(store.seriesCount()).isEqualTo(19);
  }

  @Test
  void areNotWaitedForTheHourlyRunMakesRoomBefore() {
    pods("monday", 10);
    pods("tuesday", 10);

    store.applyRetention();

    assertThat(store.seriesCount()).isEqualTo(MOST - MOST / 10);
    assertThat(names(store)).contains("monday-9", "tuesday-0", "tuesday-9");
  }

  @Test
  void makeRoomThoughTheyEndedAllAtOnceAndNothingWasSealedSince() {
    pods("monday", MOST);
    tomorrow();
    assertThat(write("new").refusals().count(Refusal.SERIES_LIMIT)).isEqualTo(1);

    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> store.housekeeping().seriesRemoved(Removal.LIMIT) > 0);

    assertThat(write("new").stored()).isEqualTo(1);
    assertThat(store.seriesCount()).isEqualTo(MOST - MOST / 10 + 1);
  }

  @Test
  void makeNoRoomWhileTheClockMayBeAhead() {
    postgres.doubt = DAY;
    store = postgres.open();
    pods("monday", MOST);
    store.applyRetention();
    postgres.clock.advance(Duration.ofDays(500));
    assertThat(write("new").refusals().count(Refusal.SERIES_LIMIT)).isEqualTo(1);

    Awaitility.await()
        .during(Duration.ofMillis(500))
        .until(() -> store.housekeeping().seriesRemoved(Removal.LIMIT) == 0);
  }

  @Test
  void areForgottenWithTheirLastSampleThoughNothingWasSealedSince() {
    pods("monday", 3);
    // A month's hours go together.
    postgres.clock.advance(postgres.settings.retention().hour().plus(DAY.multipliedBy(100)));
    write("alive");

    store.applyRetention();

    assertThat(store.seriesCount()).isEqualTo(1);
    assertThat(store.housekeeping().seriesRemoved(Removal.EMPTY)).isEqualTo(3);
  }

  @Test
  void areLeftAloneWhileThereIsRoomAndOnTheirLastDay() {
    pods("monday", 17);
    store.applyRetention();
    assertThat(store.seriesCount()).isEqualTo(17);

    for (var i = 0; i < 3; i++) {
      write("today-" + i);
    }
    seal(3);
    store.applyRetention();
    assertThat(store.seriesCount()).as("yesterday's may be hourly ones").isEqualTo(20);

    tomorrow();
    store.applyRetention();

    assertThat(store.seriesCount()).isEqualTo(18);
    assertThat(names(store)).contains("today-0", "today-1", "today-2");
    // What comes back is a series anew.
    assertThat(write("monday-0").stored()).isEqualTo(1);
    assertThat(names(store)).contains("monday-0");
  }

  @Test
  void leaveNothingToThoseThatComeAfterAStart() {
    write("stays");
    for (var i = 0; i < 18; i++) {
      write("monday-" + i);
    }
    seal(19);
    tomorrow();
    tomorrow();
    write("stays");
    seal(1);
    postgres.limitSeries(1);
    store.limits(postgres.settings.limits());
    store.applyRetention();
    assertThat(names(store)).containsExactly("stays");
    postgres.limitSeries(MOST);

    store = postgres.open();

    assertThat(names(store)).containsExactly("stays");
    for (var i = 0; i < 18; i++) {
      write("new-" + i);
    }
    var now = postgres.clock.millis();
    var reader = store.reader();
    for (var series : reader.select(List.of(), Instant.ofEpochMilli(now), Instant.MAX, 100)) {
      if (!series.labels().metricName().equals("stays")) {
        assertThat(series.id()).isGreaterThan(19);
        assertThat(reader.read(series, first - 1000, now).size()).isEqualTo(1);
      }
    }
  }

  @Test
  void withoutASampleAreForgottenAfterAnHour() {
    var admitted = store.table().admit(Labels.of(Labels.METRIC_NAME, "never"));
    assertThat(admitted).isInstanceOf(SeriesTable.Admission.Admitted.class);
    write("x");

    store.applyRetention();
    assertThat(store.seriesCount()).isEqualTo(2);
    store.applyRetention();

    assertThat(names(store)).containsExactly("x");
    assertThat(store.seriesCount()).isEqualTo(1);
    assertThat(store.housekeeping().seriesRemoved(Removal.UNHEARD)).isEqualTo(1);
  }

  /** A row that stayed would be a second one, and damage at the next start. */
  @Test
  void areRemovedByTheNextRunWhereTheDatabaseWasAway() throws SQLException {
    var source = new FaultyDataSource(postgres.dataSource);
    store = postgres.open(source.dataSource());
    pods("monday", 10);
    pods("tuesday", 10);
    var updates = new AtomicInteger();
    source.atCommit(commit -> {
      // The first one notes what time it was.
      if (updates.incrementAndGet() > 1) {
        throw new SQLException("the connection broke", "08006");
      }
      commit.run();
    });
    assertThatThrownBy(store::applyRetention).isInstanceOf(StoreUnavailableException.class);
    assertThat(store.housekeeping().seriesRemoved(Removal.LIMIT)).isZero();
    source.atCommit(FaultyDataSource.Call::run);

    store.applyRetention();

    assertThat(store.housekeeping().seriesRemoved(Removal.LIMIT)).isEqualTo(2);
    assertThat(store.housekeeping().seriesRemoved(Removal.EMPTY)).isZero();
    assertThat(store.seriesCount()).isEqualTo(MOST - 2);
    for (var i = 0; i < 2; i++) {
      assertThat(write("monday-" + i).stored()).isEqualTo(1);
    }
    seal(2);
    var reopened = postgres.open();
    assertThat(reopened.counters().damaged()).isZero();
    assertThat(reopened.quarantinedSeries()).isZero();
  }

  @Test
  void areNotFoundAfterAStartWhereTheyWereNotBefore() {
    pods("monday", 3);
    pods("tuesday", 3);
    tomorrow();
    var now = postgres.clock.instant();

    store = postgres.open();

    assertThat(store.reader().select(List.of(), now.minus(Duration.ofHours(6)), now, 100))
        .isEmpty();
    assertThat(names(store)).hasSize(6);
  }

  private void pods(String day, int count) {
    for (var i = 0; i < count; i++) {
      assertThat(write(day + "-" + i).stored()).isEqualTo(1);
    }
    seal(count);
    tomorrow();
  }

  private void tomorrow() {
    postgres.clock.advance(DAY);
  }

  private void seal(int samples) {
    sealed += samples;
    store.sealSoon();
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> store.sealedSamples() == sealed && store.unsealedSamples() == 0);
  }

  private WriteResult write(String name) {
    return StorageIT.write(store, name, postgres.clock.millis(), 1);
  }

  private List<String> names(TimeSeriesStore from) {
    return from
        .reader()
        .select(
            List.of(Matcher.eq(Labels.SERVICE, "default")),
            Instant.ofEpochMilli(first - 1000),
            postgres.clock.instant(),
            100)
        .stream()
        .map(series -> series.labels().metricName())
        .toList();
  }
}
