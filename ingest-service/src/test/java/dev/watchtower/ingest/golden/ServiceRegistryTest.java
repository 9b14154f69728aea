package dev.watchtower.ingest.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceRegistryTest {
  private static final ServiceKey SHOP = new ServiceKey("shop", "prod");

  private final ServiceRegistry registry = new ServiceRegistry();

  @BeforeEach
  void watch() {
    registry.watch("golden"::equals, "watched"::equals);
  }

  private static Series series(long id, String metric) {
    return new Series(id, Labels.of("__name__", metric, "service", "shop", "env", "prod"));
  }

  private ServiceRegistry.Touched heard(Series series, long at, double value, long now) {
    return registry.heard(
        new AcceptedBatch(new Series[] {series}, new long[] {at}, new double[] {value}, 1), now);
  }

  private ObservedService shop() {
    return registry.find(SHOP).orElseThrow();
  }

  @Test
  void discoversAServiceFromItsFirstSample() {
    ServiceRegistry.Touched touched = heard(series(1, "golden"), 1_000, 1, 2_000);

    assertThat(touched.golden()).containsExactly(shop());
    assertThat(shop().eventMillis()).isEqualTo(1_000);
    assertThat(shop().arrivedMillis()).isEqualTo(2_000);
  }

  @Test
  void whatAScraperSaysOfATargetIsNothingThatTheTargetSent() {
    heard(series(1, "up"), 1_000, 1, 1_000);
    assertThat(shop().sentMillis()).as("never").isZero();
    assertThat(shop().arrivedMillis()).isEqualTo(1_000);

    heard(series(2, "other"), 2_000, 1, 2_000);
    heard(series(1, "up"), 3_000, 0, 3_000);
    heard(series(3, "scrape_duration_seconds"), 3_000, 0.1, 3_000);
    assertThat(shop().sentMillis()).isEqualTo(2_000);
    assertThat(shop().namedMillis()).as("not forgotten").isEqualTo(3_000);
    assertThat(shop().eventMillisAt(4_000)).isEqualTo(4_000);
  }

  @Test
  void oneBatchMayHaveBoth() {
    registry.heard(
        new AcceptedBatch(
            new Series[] {series(1, "other"), series(2, "up")},
            new long[] {1_000, 2_000},
            new double[] {1, 1},
            2),
        5_000);

    assertThat(shop().sentMillis()).isEqualTo(5_000);
  }

  @Test
  void remembersWhoDidNotSendBeforeARestart() {
    registry.recall(
        List.of(
            new Freshness.LastSample(
                "shop", "prod", Instant.ofEpochMilli(90_000), Instant.ofEpochMilli(60_000)),
            new Freshness.LastSample("target", "prod", Instant.ofEpochMilli(90_000), null)),
        100_000);

    assertThat(shop().sentMillis()).isEqualTo(60_000);
    assertThat(shop().arrivedMillis()).isEqualTo(90_000);
    assertThat(registry.find(new ServiceKey("target", "prod")).orElseThrow().sentMillis()).isZero();
  }

  @Test
  void knowsWhatTimeItIsForWhoIsBehind() {
    heard(series(1, "golden"), 100_000, 1, 220_000);

    assertThat(registry.timeOf(SHOP::equals, 230_000)).isEqualTo(110_000);
    assertThat(registry.timeOf(_ -> false, 230_000)).isEqualTo(230_000);
    heard(series(1, "golden"), 300_000, 1, 230_000);
    assertThat(registry.timeOf(SHOP::equals, 230_000)).as("a fast clock").isEqualTo(230_000);
  }

  @Test
  void doesNotTakeWhoWasNotHeardSinceARestartForWhoIsNotBehind() {
    registry.recall(
        List.of(
            new Freshness.LastSample("shop", "prod", Instant.ofEpochSecond(100)),
            new Freshness.LastSample("gone", "prod", Instant.ofEpochSecond(90))),
        220_000);

    assertThat(registry.timeOf(_ -> true, 220_000)).isEqualTo(100_000);
    assertThat(registry.timeOf(_ -> true, 234_999)).isEqualTo(100_000);
    assertThat(registry.timeOf(_ -> true, 235_000)).as("may be gone").isEqualTo(235_000);
    heard(series(1, "golden"), 116_000, 1, 236_000);
    assertThat(registry.timeOf(_ -> true, 240_000)).isEqualTo(120_000);
    assertThat(registry.timeOf(k -> !k.equals(SHOP), 240_000)).isEqualTo(240_000);
  }

  @Test
  void saysWhichMetricsOfRulesHaveNewSamples() {
    assertThat(heard(series(1, "other"), 1_000, 1, 2_000).metrics()).isEmpty();
    assertThat(heard(series(1, "other"), 1_000, 1, 2_000).golden()).isEmpty();
    ServiceRegistry.Touched touched = heard(series(2, "watched"), 1_500, 1, 2_000);

    assertThat(touched.metrics()).containsExactly("watched");
    assertThat(touched.of(Set.of("watched"))).isEqualTo(new ServiceRegistry.Span(1_500, 1_500));
  }

  @Test
  void keepsTheTimesOfMetricsApart() {
    registry.watch(_ -> false, _ -> true);
    ServiceRegistry.Touched touched =
        registry.heard(
            new AcceptedBatch(
                new Series[] {series(1, "a"), series(2, "b"), series(1, "a")},
                new long[] {1_000, 5_000, 3_000},
                new double[] {1, 1, 1},
                3),
            6_000);

    assertThat(touched.of(Set.of("a"))).isEqualTo(new ServiceRegistry.Span(1_000, 3_000));
    assertThat(touched.of(Set.of("b"))).isEqualTo(new ServiceRegistry.Span(5_000, 5_000));
    assertThat(touched.of(Set.of())).isEqualTo(new ServiceRegistry.Span(1_000, 5_000));
  }

  @Test
  void isNotLedAstrayByALateSampleOrAWrongClock() {
    heard(series(1, "golden"), 10_000, 1, 10_000);
    heard(series(1, "golden"), 5_000, 1, 11_000);
    heard(series(1, "golden"), 300_000, 1, 12_000);

    assertThat(shop().eventMillis()).as("no later than now").isEqualTo(12_000);
  }

  @Test
  void hearsASenderWhoseClockIsAhead() {
    ServiceRegistry.Touched touched = heard(series(2, "watched"), 400_000, 1, 12_000);

    assertThat(shop().arrivedMillis()).isEqualTo(12_000);
    assertThat(shop().eventMillis()).isEqualTo(12_000);
    assertThat(touched.of(Set.of())).isEqualTo(new ServiceRegistry.Span(12_000, 12_000));
  }

  @Test
  void settlesAfterARestartWhenItsIntervalIsKnownAndAWindowHasPassed() {
    registry.recall(
        List.of(new Freshness.LastSample("shop", "prod", Instant.ofEpochMilli(90_000))), 100_000);
    assertThat(shop().isSettling(120_000)).isTrue();
    heard(series(1, "golden"), 120_000, 1, 120_000);
    assertThat(shop().isSettling(131_000)).as("one sample tells no interval").isTrue();
    heard(series(1, "golden"), 135_000, 1, 135_000);
    assertThat(shop().isSettling(135_000)).isTrue();
    assertThat(shop().isSettling(165_000)).as("45 s since it was heard").isFalse();
    assertThat(new ObservedService(SHOP).isSettling(0)).as("no restart").isFalse();
  }

  @Test
  void settlesUntilTheIntervalOfWhatIsReadInTheWindowIsKnown() {
    registry.watch(Set.of("golden", "ranged")::contains, "golden"::equals, "watched"::equals);
    registry.recall(
        List.of(new Freshness.LastSample("shop", "prod", Instant.ofEpochMilli(90_000))), 100_000);
    for (long at = 105_000; at <= 180_000; at += 15_000) {
      heard(series(2, "ranged"), at, 1, at);
    }
    heard(series(1, "golden"), 181_000, 1, 181_000);
    assertThat(shop().isSettling(190_000)).as("45 s since the other was heard").isTrue();

    heard(series(1, "golden"), 241_000, 1, 241_000);
    assertThat(shop().intervalMillis()).isEqualTo(60_000);
    assertThat(shop().isSettling(285_000)).as("180 s since it was heard").isFalse();
  }

  @Test
  void settlesAlsoWhereItWasHeardBeforeItsPastWasKnown() {
    heard(series(1, "golden"), 99_500, 1, 99_500);
    registry.recall(
        List.of(new Freshness.LastSample("shop", "prod", Instant.ofEpochMilli(99_500))), 100_000);

    assertThat(shop().isSettling(100_000)).isTrue();
    heard(series(1, "golden"), 114_500, 1, 114_500);
    assertThat(shop().isSettling(144_000)).isTrue();
    assertThat(shop().isSettling(144_500)).as("45 s since it was heard").isFalse();
  }

  @Test
  void settlesAfterAGapOfOursThatIsMuchOfItsWindow() {
    for (long at = 15_000; at <= 300_000; at += 15_000) {
      heard(series(1, "golden"), at, 1, at);
    }
    registry.interrupted(11_000, 310_000);
    assertThat(shop().isSettling(310_000)).as("11 of 45 s").isFalse();

    registry.interrupted(60_000, 360_000);
    assertThat(shop().isSettling(360_000)).isTrue();
    heard(series(1, "golden"), 365_000, 1, 365_000);
    assertThat(shop().isSettling(409_000)).isTrue();
    assertThat(shop().isSettling(410_000)).as("45 s since it was heard").isFalse();
  }

  @Test
  void settlesByOurClockWhereASenderIsBehind() {
    long behind = 7_200_000;
    for (long at = 15_000; at <= 300_000; at += 15_000) {
      heard(series(1, "golden"), at, 1, behind + at);
    }
    registry.interrupted(60_000, behind + 360_000);
    heard(series(1, "golden"), 365_000, 1, behind + 365_000);
    assertThat(shop().isSettling(365_000)).isTrue();
    heard(series(1, "golden"), 410_000, 1, behind + 410_000);
    assertThat(shop().isSettling(410_000)).as("45 s since it was heard").isFalse();
  }

  @Test
  void nothingCameLaterThanNowWhenTheClockIsPutBack() {
    heard(series(1, "golden"), 7_300_000, 1, 7_300_000);
    registry.clockPutBack(3_700_000);

    assertThat(shop().arrivedMillis()).isEqualTo(3_700_000);
    assertThat(shop().namedMillis()).isEqualTo(3_700_000);
  }

  @Test
  void knowsHowOftenAServiceSendsAlsoWhenTheClockIsPutBackBeforeItIsKnown() {
    for (int id = 1; id <= 4; id++) {
      heard(series(id, "golden"), 7_300_000, 1, 7_300_000);
    }
    registry.clockPutBack(3_700_000);
    assertThat(shop().intervalMillis()).isZero();

    // One goes on, and another is not to miss the place of those that are gone.
    heard(series(1, "golden"), 3_710_000, 1, 3_710_000);
    heard(series(5, "golden"), 3_720_000, 1, 3_720_000);
    assertThat(shop().intervalMillis()).isZero();
    heard(series(1, "golden"), 3_740_000, 1, 3_740_000);

    assertThat(shop().intervalMillis()).isEqualTo(30_000);
    assertThat(shop().windowMillis()).isEqualTo(90_000);
  }

  @Test
  void doesNotWaitForEverForAServiceOfThePast() {
    registry.recall(
        List.of(new Freshness.LastSample("shop", "prod", Instant.ofEpochMilli(90_000))), 100_000);

    assertThat(shop().isSettling(399_000)).isTrue();
    assertThat(shop().isSettling(400_000)).isFalse();
  }

  @Test
  void isAsFarBehindAfterARestartAsItsLastSampleUntilItIsHeard() {
    registry.recall(
        List.of(new Freshness.LastSample("shop", "prod", Instant.ofEpochMilli(90_000))), 3_000_000);
    assertThat(shop().eventMillisKnown(3_299_999)).isEqualTo(90_000);
    assertThat(shop().eventMillisKnown(3_300_000)).as("nobody waits longer").isEqualTo(3_300_000);

    heard(series(1, "golden"), 100_000, 1, 3_100_000);

    assertThat(shop().eventMillisKnown(3_101_000)).isEqualTo(101_000);
  }

  @Test
  void isNotWaitedForLongAfterAGapIfItWasSilentBefore() {
    for (int i = 0; i < 12; i++) {
      heard(series(1, "golden"), i * 15_000, 1, i * 15_000);
    }
    registry.interrupted(20_000, 200_000);

    assertThat(shop().eventMillisKnown(244_999)).isEqualTo(165_000);
    assertThat(shop().eventMillisKnown(245_000)).as("three intervals").isEqualTo(245_000);
  }

  @Test
  void nobodyWasSilentWhileNobodyCouldBeHeard() {
    ServiceKey other = new ServiceKey("other", "prod");
    registry.heardBefore(
        List.of(
            new LastHeard(SHOP, 400_000, 500_000, 450_000),
            new LastHeard(other, 700_000, 700_000, 0),
            new LastHeard(SHOP, 390_000, 390_000, 390_000)),
        900_000);

    assertThat(shop().lastHeard()).isEqualTo(new LastHeard(SHOP, 400_000, 500_000, 450_000));
    assertThat(shop().eventMillisAt(900_000)).as("behind as before").isEqualTo(800_000);
    assertThat(shop().namedMillis()).as("silent for 200 s, and Watchtower too").isEqualTo(700_000);
    assertThat(registry.find(other).orElseThrow().namedMillis()).isEqualTo(900_000);
    assertThat(registry.notHeardAgain()).hasSize(2);
    heard(series(1, "golden"), 901_000, 1, 901_000);
    assertThat(registry.notHeardAgain()).extracting(ObservedService::key).containsExactly(other);
  }

  @Test
  void nothingIsRecalledFromTheFuture() {
    registry.heardBefore(List.of(new LastHeard(SHOP, 990_000, 980_000, 970_000)), 900_000);

    assertThat(shop().lastHeard()).isEqualTo(new LastHeard(SHOP, 900_000, 900_000, 900_000));
    assertThat(shop().namedMillis()).isEqualTo(900_000);
  }

  @Test
  void knowsWhenAServiceWasOnlyNamed() {
    heard(series(1, "golden"), 10_000, Samples.STALE, 12_000);

    assertThat(shop().arrivedMillis()).isZero();
    assertThat(shop().namedMillis()).isEqualTo(12_000);
  }

  @Test
  void doesNotTakeAStaleMarkerForASignOfLife() {
    heard(series(1, "golden"), 10_000, 1, 10_000);
    heard(series(1, "golden"), 20_000, Samples.STALE, 20_000);

    assertThat(shop().arrivedMillis()).isEqualTo(10_000);
  }

  @Test
  void followsAChangeOfWhatMatters() {
    heard(series(1, "other"), 1_000, 1, 1_000);
    registry.watch("other"::equals, _ -> false);

    assertThat(heard(series(1, "other"), 2_000, 1, 2_000).golden()).containsExactly(shop());
  }

  @Test
  void remembersServicesOfThePast() {
    registry.recall(
        List.of(new Freshness.LastSample("shop", "prod", Instant.ofEpochMilli(5_000))), 6_000);

    assertThat(shop().arrivedMillis()).isEqualTo(5_000);
    registry.forget(SHOP);
    assertThat(registry.all()).isEmpty();
    heard(series(1, "golden"), 10_000, 1, 10_000);
    assertThat(registry.all()).hasSize(1);
  }

  @Test
  void takesNobodyForHeardInTheFutureSinceItsSamplesAre() {
    registry.recall(
        List.of(new Freshness.LastSample("shop", "prod", Instant.ofEpochSecond(3_700))), 100_000);

    assertThat(shop().arrivedMillis()).isEqualTo(100_000);
    assertThat(shop().eventMillis()).isEqualTo(100_000);
  }
}
