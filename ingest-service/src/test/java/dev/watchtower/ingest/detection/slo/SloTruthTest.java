package dev.watchtower.ingest.detection.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts of SLOs on hand-made counters are what was written down while these were made. */
class SloTruthTest {
  private static final long START = 500 * 3_600;
  private static final long LENGTH = 3 * 3_600;
  private static final Offset<Double> HAIR = within(1e-6);

  private long spacing;
  private final HandMadeStore store =
      new HandMadeStore() {
        @Override
        public long spacing(long millis) {
          return spacing;
        }
      };
  private final QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
  private final List<Sent> sent = new ArrayList<>();

  /** What rose, by the minute of the sample that tells of it: all, and bad. */
  private final Map<Long, double[]> rose = new TreeMap<>();

  private record Sent(String series, long second, double value, long comes) {}

  private static SloTracker tracker() {
    return SloTrackerTest.tracker("sum(requests{ok=\"no\"})", "sum(requests)");
  }

  /**
   * An instance that answers a request a second; some of each minute fail. It is started anew each
   * 50 minutes, and it sends nothing for some minutes.
   *
   * @param late by so many seconds comes every third ten minutes of it
   */
  private void instance(String name, int every, int phase, long late) {
    double good = 0;
    double bad = 0;
    double @Nullable [] unseen = null;
    for (long s = 0; s < LENGTH; s++) {
      if (s % 3_000 == 0) {
        good = 0;
        bad = 0;
        // What rose after the last sample before that is known to nobody.
        unseen = unseen == null ? null : new double[2];
      }
      int fails = s % 60 >= 3 && s % 60 < 9 ? 1 : 0;
      good += 1 - fails;
      bad += fails;
      if (unseen != null) {
        unseen[0]++;
        unseen[1] += fails;
      }
      // One that sends seldom is a while without a sample before that as it is.
      boolean gone = s > 4_000 && s < (every < 300 ? 4_720 : 4_500);
      if (s % every == phase && !gone) {
        long at = START + s;
        long comes = at + (s / 600 % 3 == 1 ? late : 0);
        sent.add(new Sent(series(name, "yes"), at, good, comes));
        sent.add(new Sent(series(name, "no"), at, bad, comes));
        if (unseen != null) {
          double[] sum = rose.computeIfAbsent((at - 1) / 60, _ -> new double[2]);
          sum[0] += unseen[0];
          sum[1] += unseen[1];
        }
        unseen = new double[2];
      }
    }
  }

  private static String series(String pod, String ok) {
    return "requests{service=\"pay\",pod=\"%s\",ok=\"%s\"}".formatted(pod, ok);
  }

  /** Sends all in the order in which it comes; ingest-service is started anew now and then. */
  private SloTracker counted(SloTracker first, boolean restarts) {
    SloTracker tracker = first;
    sent.sort(Comparator.comparingLong(Sent::comes));
    long restart = START + 1_234;
    for (int i = 0; i < sent.size(); ) {
      long now = sent.get(i).comes();
      long oldest = Long.MAX_VALUE;
      long newest = Long.MIN_VALUE;
      for (; i < sent.size() && sent.get(i).comes() == now; i++) {
        Sent one = sent.get(i);
        store.add(one.series(), one.second(), one.value());
        oldest = Math.min(oldest, one.second());
        newest = Math.max(newest, one.second());
      }
      tracker.refresh(engine, oldest * 1000, newest * 1000);
      for (long hour : tracker.lateHours()) {
        recount(tracker, hour, now);
      }
      if (restarts && now >= restart) {
        tracker = restarted(tracker, now);
        restart += 2_000;
      }
    }
    return tracker;
  }

  private SloTracker restarted(SloTracker before, long now) {
    SloTracker after = new SloTracker(before.meter());
    long newest = now / 3_600;
    for (long hour = START / 3_600; hour <= newest; hour++) {
      after.restore(hour, before.hour(hour));
    }
    recount(after, newest, now);
    return after;
  }

  private void recount(SloTracker tracker, long hour, long now) {
    tracker.recount(engine, hour, () -> now * 1000);
  }

  private void isTrue(SloTracker tracker) {
    for (long minute = START / 60; minute < (START + LENGTH) / 60; minute++) {
      double[] sum = rose.getOrDefault(minute, new double[2]);
      Counts counts = tracker.hour(minute / 60).get((int) (minute % 60));
      String when = "minute " + (minute - START / 60);
      assertThat(counts.total()).as("all in %s", when).isCloseTo(sum[0], HAIR);
      assertThat(counts.bad()).as("bad in %s", when).isCloseTo(sum[1], HAIR);
    }
    Counts period = tracker.read((START + LENGTH) * 1000).period();
    assertThat(period.total()).isCloseTo(rose.values().stream().mapToDouble(s -> s[0]).sum(), HAIR);
    assertThat(period.bad()).isCloseTo(rose.values().stream().mapToDouble(s -> s[1]).sum(), HAIR);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0",
    "15, 0",
    "15, 7",
    "15, 14",
    "20, 0",
    "20, 1",
    "20, 19",
    "60, 0",
    "60, 5",
    "60, 59",
    "300, 0",
    "300, 299",
    "300, 61"
  })
  void countsWhatRoseAtEachInterval(int every, int phase) {
    instance("a", every, phase, 0);
    instance("b", every, (phase + 13) % every, 0);

    isTrue(counted(tracker(), false));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 20, 60, 300})
  void countsOnceWhatComesAfterARestart(int every) {
    instance("a", every, every / 3, 0);

    isTrue(counted(tracker(), true));
  }

  @ParameterizedTest
  @CsvSource({"15, 40", "20, 250", "20, 700", "60, 700", "60, 2500", "300, 400", "300, 3000"})
  void countsOnceWhatComesLate(int every, int late) {
    instance("a", every, every / 4, late);
    instance("b", every, every / 2, 0);

    isTrue(counted(tracker(), false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "sum(increase(requests{ok=\"no\"}[$window])); sum(increase(requests[$window]))",
        "sum(rate(requests{ok=\"no\"}[$window])); sum(rate(requests[$window]))",
      })
  void countsTheSameWhereTheExpressionSaysHow(String bad, String total) {
    instance("a", 20, 0, 0);

    isTrue(counted(SloTrackerTest.tracker(bad, total), false));
  }

  /** A job at second 5 of each minute is seen in the sample at second 20 first. */
  @Test
  void countsWhatRisesAcrossTheBordersOfMinutes() {
    SloTracker tracker = tracker();
    for (long s = 0; s <= 7_200; s += 20) {
      double jobs = Math.floorDiv(s - 20, 60) + 1;
      store.add(series("a", "no"), START + s, 10 * jobs);
      store.add(series("a", "yes"), START + s, s - 10 * jobs);
      tracker.refresh(engine, (START + s) * 1000, (START + s) * 1000);
    }

    SloReading reading = tracker.read((START + 7_200) * 1000);
    assertThat(reading.period()).isEqualTo(new Counts(6_000, 7_200));
    assertThat(reading.budgetLeft()).isCloseTo(1 - 100 / 6.0, HAIR);
    assertThat(reading.burnRate(reading.burns().getFirst().longCounts()))
        .isCloseTo(100 / 6.0, HAIR);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 27, 30, 59})
  void aWindowIsAsLongAsItSays(int second) {
    long end = START + 3_600 + second;
    SloTracker tracker = tracker();
    for (long s = START; s <= end; s++) {
      store.add(series("a", "yes"), s, 10 * (s - START));
      tracker.refresh(engine, s * 1000, s * 1000);
    }

    SloReading.Burn fastest = tracker.read(end * 1000).burns().getFirst();
    assertThat(fastest.shortCounts().total()).isCloseTo(3_000, HAIR);
    assertThat(fastest.shortMillis()).isEqualTo(300_000);
    assertThat(fastest.longCounts().total()).isCloseTo(36_000, HAIR);
  }

  @Test
  void countsByTheHourWhereOneSampleOfEachIsLeft() {
    spacing = 3_600_000;
    for (long s : new long[] {5, 7_199, 7_210}) {
      store.add(series("a", "yes"), START + s, s);
    }
    SloTracker tracker = tracker();

    for (long hour = START / 3_600; hour < START / 3_600 + 3; hour++) {
      recount(tracker, hour, START + LENGTH);
    }

    assertThat(tracker.read((START + 3_600) * 1000).period().total()).isZero();
    assertThat(tracker.read((START + 7_200) * 1000).period().total()).isEqualTo(7_194);
    assertThat(tracker.read((START + LENGTH) * 1000).period().total()).isEqualTo(7_205);
  }

  @Test
  void whatIsMissingForMuchLongerThanAQuarterOfAnHourCountsForNothing() {
    SloTracker tracker = tracker();
    for (long s : new long[] {0, 60, 1_200, 1_260}) {
      store.add(series("a", "yes"), START + s, s);
      tracker.refresh(engine, (START + s) * 1000, (START + s) * 1000);
    }

    assertThat(tracker.read((START + 1_260) * 1000).period().total()).isEqualTo(120);
  }
}
