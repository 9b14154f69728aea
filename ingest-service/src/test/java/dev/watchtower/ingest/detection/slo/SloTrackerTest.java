package dev.watchtower.ingest.detection.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.watchtower.common.catalog.Slo;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An hour of ten requests a second, one in ten bad, read back while samples come. */
class SloTrackerTest {
  private static final long HOUR = 500;
  private static final long START = HOUR * 3_600;
  private static final Counts MINUTE = new Counts(540, 600);

  private static final Offset<Double> HAIR = within(1e-6);

  private final Busy store = new Busy();
  private final QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
  private final SloTracker tracker = tracker("sum(bad)", "sum(requests)");

  /** Of a bucket's first samples more may be made than of all: they are the average over it. */
  private final SloTracker average =
      tracker("sum(avg_over_time(bad[$window]))", "sum(avg_over_time(requests[$window]))");

  /** Of an SLO of 99 % in 30 days, counted by the minute. */
  static SloTracker tracker(String bad, String total) {
    return new SloTracker(
        new SloMeter(
            new Slo(
                "answers",
                "Answers",
                "pay",
                "prod",
                0.99,
                Duration.ofDays(30),
                new Slo.Events(null, bad, total, Duration.ofMinutes(1)),
                null,
                0)));
  }

  /** Something happens at each of its reads. */
  private static final class Busy extends HandMadeStore {
    private @Nullable Runnable atRead;
    private int reads;

    @Override
    public List<Samples> read(List<Series> of, long fromMillis, long toMillis, long maxSamples) {
      reads++;
      List<Samples> read = super.read(of, fromMillis, toMillis, maxSamples);
      if (atRead != null) {
        atRead.run();
      }
      return read;
    }
  }

  private void anHourOfRequests() {
    for (long s = -60; s <= 3_600; s += 10) {
      store.add("requests{service=\"pay\"}", START + s, 10 * (s + 60));
      store.add("bad{service=\"pay\"}", START + s, s + 60);
    }
  }

  private Counts total() {
    return tracker.read((START + 3_600) * 1000).period();
  }

  @Test
  void countsAnHourAlsoWhileSamplesChangeItAllTheTime() {
    anHourOfRequests();
    // As from the arrival of samples: more in the last minute than was read, in the others nothing.
    double[] more = {0};
    store.atRead = () -> tracker.append(HOUR * 60 + 59, new Counts(600, 700 + more[0]++));

    List<Counts> counts = tracker.recount(engine, HOUR, () -> (START + 3_600) * 1000);

    assertThat(store.reads).isGreaterThan(5);
    assertThat(counts.subList(0, 59)).containsOnly(MINUTE);
    assertThat(counts.get(59).total()).as("what came on top").isGreaterThanOrEqualTo(700);
    assertThat(tracker.hour(HOUR)).isEqualTo(counts);
    assertThat(total().total()).isEqualTo(59 * 600 + counts.get(59).total());
    assertThat(tracker.unsavedHours()).containsExactly(HOUR);
  }

  @Test
  void restoresWhatWasSavedBesideWhatCameSinceTheStart() {
    List<Counts> saved = Collections.nCopies(60, MINUTE);
    tracker.append(HOUR * 60 + 3, new Counts(700, 800));
    tracker.append(HOUR * 60 + 4, new Counts(1, 2));

    tracker.restore(HOUR, saved);

    assertThat(tracker.hour(HOUR).get(3)).isEqualTo(new Counts(700, 800));
    assertThat(tracker.hour(HOUR).get(4)).isEqualTo(MINUTE);
    assertThat(total()).isEqualTo(new Counts(59 * 540 + 700, 59 * 600 + 800));
    tracker.restore(HOUR, saved);
    assertThat(total()).as("twice is once").isEqualTo(new Counts(59 * 540 + 700, 59 * 600 + 800));
  }

  @Test
  void keepsWhatWasCountedWhereSamplesAreGone() {
    tracker.restore(HOUR, Collections.nCopies(60, MINUTE));

    assertThat(tracker.recount(engine, HOUR, () -> (START + 3_600) * 1000))
        .hasSize(60)
        .containsOnly(MINUTE);
    assertThat(total()).isEqualTo(new Counts(60 * 540, 60 * 600));

    // Of the last minutes some are left, and one is more than was counted.
    for (long s = 3_420; s <= 3_600; s += 10) {
      store.add("requests{service=\"pay\"}", START + s, s <= 3_540 ? 5 * s : 20 * s - 15 * 3_540);
      store.add("bad{service=\"pay\"}", START + s, 0);
    }
    List<Counts> counts = tracker.recount(engine, HOUR, () -> (START + 3_600) * 1000);
    assertThat(counts.subList(0, 59)).containsOnly(MINUTE);
    assertThat(counts.get(59)).isEqualTo(new Counts(1_200, 1_200));
    assertThat(total()).isEqualTo(new Counts(59 * 540 + 1_200, 59 * 600 + 1_200));
  }

  @ParameterizedTest
  @ValueSource(doubles = {3, 7, 11, 13, 17, 19})
  void takesLateSamplesThatChangeOnlyWhatWasBad(double part) {
    // As it is live: sums that rise by thirds and the like, counted again and again.
    for (long s = -60; s <= 3_600; s += 5) {
      store.add("requests{service=\"pay\"}", START + s, (s + 60) / part);
      store.add("bad{service=\"pay\"}", START + s, 0);
      if (s > 0) {
        tracker.refresh(engine, (START + s) * 1000, (START + s) * 1000);
      }
    }
    assertThat(total().bad()).isZero();
    for (long s = -60; s <= 3_600; s += 5) {
      store.add("bad{service=\"pay\",pod=\"late\"}", START + s, (s + 60) / part / 2);
    }

    List<Counts> counts = tracker.recount(engine, HOUR, () -> (START + 3_600) * 1000);

    assertThat(counts).hasSize(60).allSatisfy(c -> assertThat(c.bad()).isCloseTo(30 / part, HAIR));
    assertThat(tracker.hour(HOUR)).isEqualTo(counts);
    assertThat(total().bad()).isCloseTo(1_800 / part, HAIR);
  }

  @Test
  void takesThemAlsoWhereOtherSamplesOfTheHourAreGone() {
    tracker.restore(HOUR, Collections.nCopies(60, new Counts(600, 600)));
    // The last half hour is left, by a hair less than it was counted.
    for (long s = 1_800; s <= 3_600; s += 10) {
      store.add("requests{service=\"pay\"}", START + s, (10 - 1e-11) * s);
      store.add("bad{service=\"pay\"}", START + s, s);
    }

    List<Counts> counts = tracker.recount(engine, HOUR, () -> (START + 3_600) * 1000);

    assertThat(counts.subList(0, 30)).containsOnly(new Counts(600, 600));
    assertThat(counts.subList(31, 60)).allSatisfy(c -> assertThat(c.bad()).isCloseTo(60, HAIR));
  }

  @Test
  void whatWasSavedDoesNotUndoWhatWasCountedSinceTheStart() {
    tracker.append(HOUR * 60 + 3, new Counts(500, 600));

    tracker.restore(HOUR, Collections.nCopies(60, new Counts(540, 600 + 1e-10)));

    assertThat(tracker.hour(HOUR).get(3)).isEqualTo(new Counts(500, 600));
  }

  /** What a life that ended after 25 s has saved; samples went on to {@code last} seconds. */
  private SloTracker restartedInTheFirstMinute(int last) {
    for (long s = 5; s <= last; s += 10) {
      store.add("requests{service=\"pay\"}", START + s, s < 25 ? 900 : 100);
      store.add("bad{service=\"pay\"}", START + s, 0);
      if (s == 25) {
        average.refresh(engine, START * 1000, (START + 25) * 1000);
      }
    }
    SloTracker restarted = new SloTracker(average.meter());
    restarted.restore(HOUR, average.hour(HOUR));
    return restarted;
  }

  @Test
  void countsAgainWhatWasSavedBeforeItsMinuteWasOver() {
    SloTracker restarted = restartedInTheFirstMinute(55);
    double early = average.hour(HOUR).getFirst().total();

    List<Counts> counts = restarted.recount(engine, HOUR, () -> (START + 60) * 1000);

    average.refresh(engine, (START + 55) * 1000, (START + 61) * 1000);
    assertThat(average.hour(HOUR).getFirst().total()).isLessThan(early).isPositive();
    assertThat(counts).isEqualTo(average.hour(HOUR));
    assertThat(restarted.hour(HOUR)).isEqualTo(counts);
  }

  @Test
  void countsThatAgainAlsoWhereSamplesCameMeanwhile() {
    SloTracker restarted = restartedInTheFirstMinute(65);
    double early = average.hour(HOUR).getFirst().total();
    restarted.refresh(engine, (START + 65) * 1000, (START + 65) * 1000);

    restarted.recount(engine, HOUR, () -> (START + 65) * 1000);

    assertThat(restarted.hour(HOUR).getFirst().total()).isLessThan(early).isPositive();
  }

  @Test
  void keepsTheSumOfAnHourWhoseBucketsAndSamplesAreGone() {
    tracker.restore(HOUR, Collections.nCopies(60, MINUTE));
    long later = HOUR + 24 * 20;
    tracker.append(later * 60, new Counts(1, 1));

    assertThat(tracker.recount(engine, HOUR, () -> later * 3_600_000)).isEmpty();
    assertThat(tracker.read(later * 3_600_000 + 60_000).period())
        .isEqualTo(new Counts(60 * 540 + 1, 60 * 600 + 1));
  }

  @Test
  void tellsAgainOfLateHoursThatCouldNotBeCounted() {
    anHourOfRequests();
    tracker.refresh(engine, START * 1000, (START + 3_600) * 1000);
    List<Long> late = tracker.lateHours();
    assertThat(late).isNotEmpty();
    assertThat(tracker.lateHours()).isEmpty();

    tracker.stillLate(late);

    assertThat(tracker.lateHours()).containsExactlyElementsOf(late);
  }

  @Test
  void catchesUpWithTheSamplesOfAFewMinutesInMemoryAtATime() {
    anHourOfRequests();
    // Half an hour of the series is 186 samples.
    QueryLimits few = new QueryLimits(Duration.ofSeconds(10), 100, 100);

    tracker.refresh(
        new QueryEngine(store, few, System::nanoTime), START * 1000, (START + 1_730) * 1000);

    assertThat(tracker.hour(HOUR).subList(0, 28)).containsOnly(MINUTE);
    assertThat(tracker.lateHours()).isEmpty();
  }

  /** For longer than its minutes are kept. */
  @Test
  void countsAtOnceAfterAClockThatWasAhead() {
    tracker.append(HOUR * 60 + 3, MINUTE);
    tracker.append((HOUR + 96) * 60, MINUTE);

    tracker.clockPutBack((START + 240) * 1000);
    tracker.append(HOUR * 60 + 4, MINUTE);

    assertThat(tracker.hour(HOUR).subList(3, 5)).containsOnly(MINUTE);
    assertThat(tracker.unsavedHours()).containsExactly(HOUR);
    assertThat(tracker.lateHours()).isEmpty();
    assertThat(tracker.read((START + 300) * 1000).burns())
        .allSatisfy(burn -> assertThat(burn.shortCounts()).isEqualTo(new Counts(1080, 1200)));
  }

  @Test
  void countsOnceWhatTheClockWasAheadByWithinAnHour() {
    tracker.append(HOUR * 60 + 3, MINUTE);
    tracker.append(HOUR * 60 + 40, MINUTE);

    tracker.clockPutBack((START + 240) * 1000);

    assertThat(total()).isEqualTo(MINUTE);
    tracker.append(HOUR * 60 + 40, MINUTE);
    assertThat(total()).isEqualTo(new Counts(1080, 1200));
    assertThat(tracker.hour(HOUR).get(40)).isEqualTo(MINUTE);
  }
}
