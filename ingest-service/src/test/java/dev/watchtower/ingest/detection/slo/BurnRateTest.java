package dev.watchtower.ingest.detection.slo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Slo;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.Observation;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests come at 10 a second, samples every 10 s, time begins at the start of an hour. */
class BurnRateTest {
  private static final long START = 1_800_000;
  private static final Catalog.Rule RULE =
      new Catalog.Rule(
          "burn",
          SignalKind.BURN_RATE,
          null,
          null,
          null,
          null,
          Duration.ZERO,
          Duration.ofSeconds(30),
          Duration.ZERO,
          Severity.SEV2,
          List.of("*"),
          List.of("*"),
          0,
          "Burning",
          null,
          null,
          new Catalog.Rule.BurnRate(List.of("*"), Severity.SEV4),
          null);

  private static Slo slo(@Nullable Duration warmUp, double minTraffic, String badEvents) {
    return new Slo(
        "answers",
        "Answers",
        "pay",
        "prod",
        0.99,
        Duration.ofDays(30),
        new Slo.Events(null, badEvents, "sum(requests)", Duration.ofMinutes(1)),
        warmUp,
        minTraffic);
  }

  /** Requests to a service whose SLO is watched. */
  private static final class Traffic {
    private final HandMadeStore store = new HandMadeStore();
    private final QueryEngine engine =
        new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
    private final List<String> told = new ArrayList<>();
    private final List<Signal> signals = new ArrayList<>();
    private final SloTracker tracker;
    private final Detector detector;
    private double good;
    private double bad;
    private long second;

    Traffic(@Nullable Duration warmUp, double minTraffic) {
      Slo slo = slo(warmUp, minTraffic, "sum(requests{ok=\"no\"})");
      tracker = new SloTracker(new SloMeter(slo));
      detector = new Detector(new RuleBook(List.of(RULE), List.of(slo)));
      sample();
    }

    /** Some seconds with so many requests a second, of which a share fails. */
    Traffic run(long seconds, double rate, double failing) {
      for (long end = second + seconds; second < end; ) {
        second += 10;
        good += 10 * rate * (1 - failing);
        bad += 10 * rate * failing;
        sample();
        long at = (START + second) * 1000;
        tracker.refresh(engine, at, at);
        List<Detected> found =
            detector.onFindings(
                RULE, BurnRateRules.findings(RULE, tracker.read(at), "the expression"));
        for (Detected detected : found) {
          signals.add(detected.signal());
          told.add(
              "%d %s %s %s"
                  .formatted(
                      second,
                      detected.signal().status(),
                      detected.labels().get("tier"),
                      detected.signal().severity()));
        }
      }
      return this;
    }

    /** Some days in which nothing failed. */
    Traffic after(int days, double rate) {
      for (long end = second + days * 86_400L; second < end; second += 60) {
        tracker.append((START + second) / 60, new Counts(60 * rate, 60 * rate));
      }
      sample();
      return this;
    }

    private void sample() {
      store.add("requests{ok=\"yes\",service=\"pay\"}", START + second, good);
      store.add("requests{ok=\"no\",service=\"pay\"}", START + second, bad);
    }
  }

  private static Traffic with(@Nullable Duration warmUp, double minTraffic) {
    return new Traffic(warmUp, minTraffic);
  }

  @Test
  void countsTrafficOverTheTimeThatWasCountedNotOverAWholeWindow() {
    // Just above the least: whole windows of five minutes are only full at the end of a minute.
    Traffic test = with(Duration.ofMinutes(10), 10).run(3_600, 10.2, 0.5);

    assertThat(test.told.stream().filter(t -> t.contains(" 1h "))).hasSize(1);
    assertThat(test.told.stream().filter(t -> t.contains("CLEARED"))).isEmpty();
  }

  @Test
  void doesNotTakeItForARecoveryThatPeopleStayAway() {
    Traffic test = with(Duration.ofMinutes(10), 5).run(1_200, 10, 0.5);
    assertThat(test.told).hasSize(1);

    assertThat(test.run(1_200, 1, 0.5).told).as("few come, and half of them fail").hasSize(1);
    assertThat(test.run(600, 1, 0).told).hasSize(2).last().asString().contains("CLEARED 1h");
  }

  @Test
  void tellsCountsOfAnotherResolutionOrStepApart() {
    Slo events = slo(null, 0, "sum(requests{ok=\"no\"})");
    Slo.Events counted = (Slo.Events) events.indicator();
    Slo coarser =
        with(
            events,
            new Slo.Events(counted.good(), counted.bad(), counted.total(), Duration.ofMinutes(5)));
    Slo time = with(events, new Slo.Time("up", ">", 0, Duration.ofSeconds(15)));
    Slo rarer = with(events, new Slo.Time("up", ">", 0, Duration.ofSeconds(30)));

    assertThat(new SloMeter(events).counting()).isNotEqualTo(new SloMeter(coarser).counting());
    assertThat(new SloMeter(time).bucketMillis()).isEqualTo(new SloMeter(rarer).bucketMillis());
    assertThat(new SloMeter(time).counting()).isNotEqualTo(new SloMeter(rarer).counting());
  }

  private static Slo with(Slo slo, Slo.Indicator indicator) {
    return new Slo(
        slo.name(),
        slo.title(),
        slo.service(),
        slo.env(),
        slo.objective(),
        slo.period(),
        indicator,
        slo.warmUp(),
        slo.minTraffic());
  }

  @Test
  void firesWhenBothWindowsOfATierBurnTooFastAndClearsWhenTheShortOneDoesNot() {
    Traffic test = with(null, 0).run(7_200, 10, 0).run(600, 10, 1).run(600, 10, 0);

    // Of an hour of 36,000 requests 14.4 % must fail: some 518 s; of the five minutes so much is
    // good 257 s after the last bad one, and then there are 30 s of patience.
    assertThat(test.told).containsExactly("7720 FIRING 1h SEV2", "8090 CLEARED 1h SEV2");
    Signal fired = test.signals.getFirst();
    assertThat(fired.at()).isEqualTo(Instant.ofEpochSecond(START + 7_720));
    assertThat(fired.kind()).isEqualTo(SignalKind.BURN_RATE);
    assertThat(fired.service()).isEqualTo("pay");
    assertThat(fired.evidence().value()).isCloseTo(14.5, within(0.1));
    assertThat(fired.evidence().threshold()).isCloseTo(14.4, within(1e-9));
    assertThat(fired.evidence().from()).isEqualTo(fired.at().minusSeconds(3_600));
    assertThat(fired.evidence().to()).isEqualTo(fired.at());
    assertThat(fired.evidence().labels())
        .containsEntry("slo", "answers")
        .containsEntry("tier", "1h");
    assertThat(fired.evidence().expression()).contains("the expression", "5200 bad of 36000");
    assertThat(fired.summary())
        .startsWith("Burning: Answers burns its budget 14.44 times too fast over 1h (limit 14.40)")
        .endsWith("; overspent: 674 % of it used");
    Signal cleared = test.signals.getLast();
    assertThat(cleared.fingerprint()).isEqualTo(fired.fingerprint());
    assertThat(cleared.evidence().value()).as("of the five minutes").isLessThan(14.4);
    assertThat(cleared.evidence().threshold()).isCloseTo(14.4, within(1e-9));
    assertThat(cleared.evidence().from()).isEqualTo(cleared.evidence().to().minusSeconds(300));
  }

  @Test
  void anEmptyWindowIsARecoveryUnlessItWasEmptiedByAGapOfOurs() {
    Traffic test = with(null, 0).run(7_200, 10, 0).run(600, 10, 1);
    assertThat(test.told).containsExactly("7720 FIRING 1h SEV2");
    SloReading later = test.tracker.read((START + test.second + 3_700) * 1000);
    List<String> asked = new ArrayList<>();

    assertThat(BurnRateRules.findings(RULE, later, "x", OwnGaps.NONE).getFirst().observation())
        .isEqualTo(Observation.FINE);
    assertThat(
            BurnRateRules.findings(
                    RULE, later, "x", (window, settling) -> asked.add(window + " " + settling))
                .getFirst()
                .observation())
        .isEqualTo(Observation.UNKNOWN);
    assertThat(asked).containsExactly("PT1H PT5M");
  }

  @ParameterizedTest
  @CsvSource({
    // All fails, as long as four tiers are over their limits by it; some fails, for longer.
    "3000, 1",
    "2990, 1",
    "6900, 0.2",
    "21600, 0.15"
  })
  void noSlowerTierFiresBecauseTheErrorsHaveEnded(long seconds, double failing) {
    Traffic test = with(null, 0).after(4, 10).run(seconds, 10, failing).run(7 * 3_600, 10, 0);

    assertThat(test.told).hasSize(2).first().asString().contains("FIRING 1h SEV2");
    assertThat(test.told.getLast()).contains("CLEARED 1h");
  }

  @Test
  void aSlowerTierFiresWhereSomeGoOnFailing() {
    Traffic test = with(null, 0).after(4, 10).run(3_000, 10, 1).run(7_200, 10, 0.08);

    assertThat(test.told).hasSize(3);
    assertThat(test.told.get(1)).contains("CLEARED 1h");
    assertThat(test.told.get(2)).contains("FIRING 6h SEV2");
    long seconds = seconds(test.told.get(2)) - seconds(test.told.get(1));
    assertThat(seconds).isBetween(0L, 600L);
  }

  /** The fastest tier would fire for longer spells, and must not keep the slower ones still. */
  @Test
  void spellsThatAreTooShortForAFasterTierAreTold() {
    Traffic hourly = with(null, 0).after(4, 10);
    for (int hour = 0; hour < 5; hour++) {
      hourly.run(1_800, 10, 0.2).run(1_800, 10, 0);
    }
    assertThat(hourly.told).first().asString().contains("FIRING 6h SEV2");

    Traffic daily = with(null, 0).after(4, 10);
    for (int day = 0; day < 2; day++) {
      daily.run(8 * 3_600, 10, 0.05).run(16 * 3_600, 10, 0);
    }
    assertThat(daily.told).first().asString().contains("FIRING 3d SEV4");
  }

  private static long seconds(String told) {
    return Long.parseLong(told.substring(0, told.indexOf(' ')));
  }

  @Test
  void doesNotFireBeforeTheLongWindowHasData() {
    assertThat(with(null, 0).run(3_590, 10, 1).told).isEmpty();
    assertThat(with(null, 0).run(3_600, 10, 1).told).containsExactly("3600 FIRING 1h SEV2");
  }

  @Test
  void firesAfterAShorterWarmUpAndTheFasterTierHoldsBackTheSlower() {
    assertThat(with(Duration.ofMinutes(5), 0).run(3 * 3_600, 10, 1).told)
        .containsExactly("300 FIRING 1h SEV2");
  }

  @Test
  void tellsOfTheSlowTierAsATicket() {
    // 4 % fail: too slow for the pages, 4 times the budget for a day.
    assertThat(with(Duration.ofMinutes(5), 0).run(3 * 3_600, 10, 0.04).told)
        .containsExactly("7200 FIRING 1d SEV4");
  }

  @Test
  void keepsStillWhereThereIsTooLittleTraffic() {
    assertThat(with(Duration.ofMinutes(5), 1).run(3_600, 0.9, 1).told).isEmpty();
    assertThat(with(Duration.ofMinutes(5), 1).run(3_600, 1.1, 1).told).hasSize(1);
  }

  @Test
  void saysHowMuchOfTheBudgetIsLeftAndHowLongItLasts() {
    Traffic test = with(null, 0).run(3_600, 10, 0.002);
    SloReading reading = test.tracker.read((START + 3_600) * 1000);

    assertThat(reading.budgetLeft()).isCloseTo(0.8, within(1e-6));
    assertThat(reading.since()).isEqualTo(START * 1000);
    assertThat(reading.burnRate(reading.burns().getFirst().longCounts()))
        .isCloseTo(0.2, within(1e-6));
    assertThat(reading.exhaustedIn().toDays()).isEqualTo(120);
    SloStatus status = SloStatus.of(reading, "x", reading.at(), true);
    assertThat(status.state()).isEqualTo("HEALTHY");
    assertThat(status.attained()).isCloseTo(99.8, within(1e-6));
    assertThat(status.burnRates())
        .extracting(SloStatus.Tier::ready)
        .containsExactly(true, false, false, false);
  }

  @Test
  void givesTheSameSignalsForTheSameSamples() {
    List<Signal> first = with(null, 0).run(7_200, 10, 0).run(900, 7, 0.9).run(900, 3, 0).signals;
    List<Signal> second = with(null, 0).run(7_200, 10, 0).run(900, 7, 0.9).run(900, 3, 0).signals;

    assertThat(first).isNotEmpty();
    assertThat(second.toString()).isEqualTo(first.toString());
  }

  @Test
  void countsLateSamplesWhereTheyBelong() {
    Traffic test = with(null, 0).run(1_200, 10, 0);
    long late = START + 305;
    test.store.add("requests{ok=\"no\",service=\"late\"}", late, 0);
    test.store.add("requests{ok=\"no\",service=\"late\"}", late + 50, 550);
    long at = (START + 1_200) * 1000;
    test.tracker.refresh(test.engine, late * 1000, at);

    assertThat(test.tracker.read(at).period().bad()).isGreaterThan(500);
  }

  @Test
  void goesOnAfterARestartFromWhatWasSaved() {
    Traffic test = with(null, 0).run(7_200, 10, 0).run(600, 10, 1);
    SloTracker restarted = new SloTracker(test.tracker.meter());
    for (long hour : test.tracker.unsavedHours()) {
      restarted.restore(hour, test.tracker.hour(hour));
    }
    SloTracker counted = new SloTracker(test.tracker.meter());
    for (long hour = START / 3_600; hour < START / 3_600 + 4; hour++) {
      counted.recount(test.engine, hour, () -> Long.MAX_VALUE);
    }

    SloReading before = test.tracker.read((START + 7_800) * 1000);
    assertThat(restarted.read((START + 7_800) * 1000)).isEqualTo(before);
    assertThat(counted.read((START + 7_800) * 1000).period().bad())
        .isCloseTo(before.period().bad(), within(1.0));
  }

  @Test
  void readsCountersAndWindowsAlike() {
    Traffic test = with(null, 0).run(600, 10, 0.5);
    long first = START / 60;
    List<Counts> counted =
        test.tracker.meter().buckets(test.engine, first, first + 9, Long.MAX_VALUE);
    assertThat(counted).allSatisfy(c -> assertThat(c.bad()).isCloseTo(300, within(1e-6)));

    for (String by : List.of("increase", "rate")) {
      SloMeter windows =
          new SloMeter(slo(null, 0, "sum(%s(requests{ok=\"no\"}[$window]))".formatted(by)));

      assertThat(windows.buckets(test.engine, first, first + 9, Long.MAX_VALUE))
          .as(by)
          .isEqualTo(counted);
    }
  }

  @Test
  void countsGoodTimeByItsStep() {
    HandMadeStore store = new HandMadeStore();
    store.row("latency", START, 30, 0.1, 0.1, 0.9, 0.1, 0.1, 0.9);
    Slo slo =
        new Slo(
            "fast",
            "Fast",
            "pay",
            "prod",
            0.9,
            Duration.ofDays(30),
            new Slo.Time("latency", "<", 0.5, Duration.ofSeconds(30)),
            null,
            0);
    SloTracker time = new SloTracker(new SloMeter(slo));
    time.refresh(
        new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime),
        START * 1000,
        (START + 150) * 1000);

    SloReading reading = time.read((START + 150) * 1000);
    assertThat(reading.period()).isEqualTo(new Counts(4, 6));
    // Of 86,400 half minutes in 30 days a tenth may be bad.
    assertThat(reading.budgetLeft()).isCloseTo(1 - 2 / 8_640.0, within(1e-9));
  }
}
