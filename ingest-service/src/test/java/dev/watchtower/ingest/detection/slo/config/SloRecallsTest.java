package dev.watchtower.ingest.detection.slo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.watchtower.common.catalog.Slo;
import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import dev.watchtower.ingest.detection.slo.SloBoard;
import dev.watchtower.ingest.detection.slo.SloTracker;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two SLOs with four days of samples, one of them heavy, on a clock that only the store moves on.
 * Only minutes are kept of all but the last day.
 */
class SloRecallsTest {
  private static final long NOW_HOUR = 500_000;
  private static final int DAYS = 4;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Map<String, Long> costs = new HashMap<>();
  private final Saved saved = new Saved();
  private final SloBoard board = new SloBoard(new ServiceRegistry());
  private boolean away;
  private long nanos = 3;

  private final HandMadeStore store =
      new HandMadeStore() {
        @Override
        public List<Samples> read(List<Series> of, long from, long to, long maxSamples) {
          if (away) {
            throw new StoreUnavailableException("storage is away");
          }
          of.forEach(series -> nanos += costs.get(series.labels().getOrEmpty("__name__")));
          return super.read(of, from, to, maxSamples);
        }
      };

  private final Clock clock =
      Clock.fixed(Instant.ofEpochMilli(NOW_HOUR * SloTracker.HOUR + 1), ZoneOffset.UTC);
  private final SloRecalls recalls =
      new SloRecalls(
          board,
          saved,
          new SloHours(saved, new QueryEngine(store, QueryLimits.DEFAULT, () -> nanos), clock),
          () -> new KeptSamples(Duration.ofDays(1), Duration.ofDays(DAYS)),
          clock,
          () -> nanos);

  /** Keeps them in memory. */
  private static final class Saved implements SavedCounts {
    private final Map<String, Map<Long, List<Counts>>> bySlo = new HashMap<>();

    @Override
    public Map<Long, List<Counts>> load(
        String slo, String counting, int buckets, long first, long last) {
      Map<Long, List<Counts>> hours = new HashMap<>(bySlo.getOrDefault(slo, Map.of()));
      hours.keySet().removeIf(hour -> hour < first || hour > last);
      return hours;
    }

    @Override
    public void save(String slo, String counting, Map<Long, List<Counts>> hours) {
      bySlo.computeIfAbsent(slo, _ -> new HashMap<>()).putAll(hours);
    }

    @Override
    public int deleteBefore(long hour) {
      return bySlo.values().stream()
          .mapToInt(hours -> {
            int before = hours.size();
            hours.keySet().removeIf(h -> h < hour);
            return before - hours.size();
          })
          .sum();
    }
  }

  private static Slo slo(String name) {
    return new Slo(
        name,
        name,
        "pay",
        "prod",
        0.99,
        Duration.ofDays(30),
        new Slo.Events(null, "sum(" + name + "_bad)", "sum(" + name + ")", Duration.ofMinutes(1)),
        null,
        0);
  }

  @BeforeEach
  void anHourOfSamplesOfEachEveryDay() {
    for (String name : List.of("heavy", "light")) {
      for (int day = 1; day < DAYS; day++) {
        long start = (NOW_HOUR - 24L * day) * 3_600;
        for (int s = 0; s < 3_600; s += 20) {
          store.add(name, start + s, 10 * s);
          store.add(name + "_bad", start + s, s);
        }
      }
      costs.put(name, TimeUnit.MILLISECONDS.toNanos(1));
      costs.put(name + "_bad", TimeUnit.MILLISECONDS.toNanos(1));
    }
    board.take(List.of(slo("heavy"), slo("light")));
  }

  private SloTracker tracker(String name) {
    return board.find(name).orElseThrow();
  }

  private boolean isComplete(String name) {
    return board.isComplete(tracker(name));
  }

  private void goOnUntilComplete(String name) {
    for (int i = 0; i < 2_000 && !isComplete(name); i++) {
      recalls.next().ifPresent(recalls::goOn);
    }
    assertThat(isComplete(name)).as(name).isTrue();
  }

  @Test
  void whatMinutesDoNotTellIsCountedAsFarBackAsSamplesAreKept() {
    Slo changes =
        new Slo(
            "changes",
            "changes",
            "pay",
            "prod",
            0.99,
            Duration.ofDays(30),
            new Slo.Events(
                null,
                "sum(changes(light_bad[$window]))",
                "sum(changes(light[$window]))",
                Duration.ofMinutes(1)),
            null,
            0);
    board.take(List.of(changes, slo("light")));

    goOnUntilComplete("changes");
    goOnUntilComplete("light");

    assertThat(saved.bySlo.get("changes")).containsOnlyKeys(NOW_HOUR - 24);
    assertThat(saved.bySlo.get("light")).hasSize(DAYS - 1);
  }

  @Test
  void areCompleteThoughAHeavyOneBesideThemTakesTooLongForEachHour() {
    costs.put("heavy", 11 * SECOND);
    long start = nanos;

    goOnUntilComplete("light");

    assertThat(nanos - start).isLessThan(30 * SECOND);
    assertThat(isComplete("heavy")).isFalse();
    assertThat(saved.bySlo.get("light")).hasSize(DAYS - 1);
    goOnUntilComplete("heavy");
    assertThat(new TreeSet<>(tracker("heavy").lateHours()))
        .as("again later")
        .hasSize(24 * DAYS + 1);
    assertThat(recalls.next()).isEmpty();
  }

  @Test
  void areCompleteBeforeOneWhoseHoursTakeLongButHaveAnAnswer() {
    costs.put("heavy", 4 * SECOND);
    long start = nanos;

    goOnUntilComplete("light");

    assertThat(nanos - start).isLessThan(30 * SECOND);
    goOnUntilComplete("heavy");
    assertThat(saved.bySlo.get("heavy")).hasSize(DAYS - 1);
    assertThat(tracker("heavy").lateHours()).isEmpty();
  }

  @Test
  void goOnWhereTheyWereWhenStorageWasAway() {
    for (int i = 0; i < 100; i++) {
      recalls.next().ifPresent(recalls::goOn);
    }
    int counted = saved.bySlo.get("light").size();
    away = true;
    List<SloTracker> failed = new ArrayList<>();
    recalls.next().ifPresent(failed::add);
    assertThatExceptionOfType(HandMadeStore.StoreUnavailableException.class)
        .isThrownBy(() -> recalls.goOn(failed.getFirst()));
    assertThat(recalls.next()).as("it rests").isPresent().get().isNotIn(failed);

    away = false;
    nanos += SECOND;
    goOnUntilComplete("light");
    goOnUntilComplete("heavy");

    assertThat(counted).isPositive();
    assertThat(saved.bySlo.get("light")).hasSize(DAYS - 1);
    assertThat(saved.bySlo.get("heavy")).hasSize(DAYS - 1);
  }

  @Test
  void takeWhatWasSavedWhereSamplesAreGone() {
    // Away for longer than samples are kept; and for a shorter while, in the middle of an hour.
    List<Counts> minutes = Collections.nCopies(60, new Counts(540, 600));
    List<Counts> begun = new ArrayList<>(Collections.nCopies(60, Counts.NONE));
    begun.set(0, new Counts(500, 590));
    saved.save("light", "", Map.of(NOW_HOUR - 201, minutes, NOW_HOUR - 200, minutes));
    saved.save("heavy", "", Map.of(NOW_HOUR - 201, minutes, NOW_HOUR - 72, begun));

    goOnUntilComplete("light");
    goOnUntilComplete("heavy");

    double stored = 3 * 10 * 3_580;
    assertThat(period("light").total()).isEqualTo(2 * 36_000 + stored);
    assertThat(period("heavy").total()).as("counted again to its end").isEqualTo(36_000 + stored);
  }

  private Counts period(String name) {
    return tracker(name).read(clock.millis()).period();
  }

  @Test
  void beginAnewWithAnotherOfTheSameName() {
    goOnUntilComplete("heavy");
    goOnUntilComplete("light");
    Slo other =
        new Slo(
            "light",
            "light",
            "pay",
            "prod",
            0.9,
            Duration.ofDays(7),
            new Slo.Events(null, "sum(light_bad)", "sum(light)", Duration.ofMinutes(1)),
            null,
            0);

    board.take(List.of(slo("heavy"), other));

    assertThat(isComplete("light")).isFalse();
    assertThat(recalls.next()).contains(tracker("light"));
    goOnUntilComplete("light");
  }

  /** They hide nothing of what is counted now. */
  @Test
  void takesNoHoursOfAClockThatWasAhead() {
    saved.save("light", "", Map.of(NOW_HOUR + 24L * 7, Collections.nCopies(60, new Counts(1, 2))));

    goOnUntilComplete("light");
    tracker("light").append(NOW_HOUR * 60, new Counts(3, 4));

    assertThat(tracker("light").hour(NOW_HOUR)).contains(new Counts(3, 4));
    assertThat(tracker("light").lateHours()).isEmpty();
  }
}
