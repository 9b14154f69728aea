package dev.watchtower.analysis.ranking;

import static dev.watchtower.analysis.ranking.SeriesMaker.QUIET;
import static dev.watchtower.analysis.ranking.SeriesMaker.WINDOW;
import static dev.watchtower.analysis.ranking.SeriesMaker.calm;
import static dev.watchtower.analysis.ranking.SeriesMaker.of;
import static dev.watchtower.analysis.ranking.SeriesMaker.second;
import static dev.watchtower.analysis.ranking.SeriesMaker.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviationDetectorTest {
  private final DeviationDetector detector = new DeviationDetector();

  @Test
  void findsARiseWithItsOnset() {
    var found = detector.detect(step("a", "latency_p95", 0.05, 0.005, 80, 1.2), WINDOW);

    assertThat(found).isPresent();
    assertThat(found.get().up()).isTrue();
    assertThat(found.get().onset()).isEqualTo(second(80));
    assertThat(found.get().extreme()).isBetween(1.0, 1.3);
    assertThat(found.get().persistence()).isEqualTo(1);
  }

  @Test
  void findsATroubleOnlyFourSecondsOld() {
    assertThat(detector.detect(step("a", "error_rate", 0, 0, 116, 0.7), WINDOW)).isPresent();
  }

  @Test
  void findsAFall() {
    var found = detector.detect(step("a", "traffic", 20, 1, 60, 2), WINDOW);

    assertThat(found).isPresent();
    assertThat(found.get().up()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "memory", "latency_p95", "error_rate", "traffic", "anything"})
  void staysSilentOnLevelNoise(String metric) {
    for (int seed = 0; seed < 50; seed++) {
      var random = new Random(seed);
      var noise = of("a", metric, i -> 0.4 + 0.05 * random.nextGaussian());
      assertThat(detector.detect(noise, WINDOW)).as("seed %d", seed).isEmpty();
    }
  }

  @Test
  void staysSilentOnAConstant() {
    assertThat(detector.detect(calm("a", "memory", 0.5, 0), WINDOW)).isEmpty();
  }

  @Test
  void staysSilentOnATinyStepOfAConstant() {
    assertThat(detector.detect(step("a", "error_rate", 0, 0, 60, 0.002), WINDOW)).isEmpty();
  }

  @Test
  void staysSilentOnASingleWildPoint() {
    var spike = of("a", "latency_p99", i -> i == QUIET + 50 ? 9 : 0.05 + 0.001 * (i % 3));

    assertThat(detector.detect(spike, WINDOW)).isEmpty();
  }

  @Test
  void staysSilentOnSpikesThatTheQuietPartHasToo() {
    var spiky = of("a", "latency_p99", i -> i % 40 < 4 ? 3 : 0.05 + 0.001 * (i % 3));

    assertThat(detector.detect(spiky, WINDOW)).isEmpty();
  }

  @Test
  void ignoresErrorsThatBecomeFewer() {
    assertThat(detector.detect(step("a", "error_rate", 0.5, 0.01, 20, 0), WINDOW)).isEmpty();
  }

  @Test
  void needsAQuietPartToSayWhatIsUsual() {
    var young = of("a", "cpu", i -> i < QUIET - 5 ? Double.NaN : i < QUIET + 20 ? 0.1 : 1);

    assertThat(detector.detect(young, WINDOW)).isEmpty();
  }

  @Test
  void anEarlierTroubleInTheQuietPartDoesNotHideThisOne() {
    var again =
        of("a", "error_rate", i -> i >= 200 && i < 320 || i >= QUIET + 90 ? 0.7 : 0.001 * (i % 3));

    assertThat(detector.detect(again, WINDOW)).isPresent();
  }

  private static final Window OPENED_AT_100 =
      new Window(SeriesMaker.START, second(0), second(100), WINDOW.to());

  /** Error rate of 0.6 in the seconds of the suspect part that {@code bad} takes. */
  private static Series errors(IntPredicate bad) {
    return of("a", "error_rate", i -> bad.test(i - QUIET) ? 0.6 : 0.001 * (i % 3));
  }

  @Test
  void whatWasOverBeforeTheOpeningIsToldWithItsEndAndIsNoDeviation() {
    var before = errors(at -> at >= 20 && at < 60 || at == 80);

    assertThat(detector.detect(before, OPENED_AT_100)).isEmpty();
    assertThat(detector.over(before, OPENED_AT_100))
        .hasValueSatisfying(past -> {
          assertThat(past.ended()).isEqualTo(second(60));
          assertThat(past.deviation().onset()).isEqualTo(second(20));
          assertThat(past.deviation().extreme()).isBetween(0.59, 0.61);
        });
    assertThat(detector.detect(before, WINDOW)).as("where no opening is known").isPresent();
  }

  @Test
  void newTroubleBeginsWithItselfThoughTheOldWasWorse() {
    var both =
        of(
            "a",
            "error_rate",
            i -> i - QUIET >= 20 && i - QUIET < 60 ? 0.9 : i - QUIET >= 95 ? 0.3 : 0.001 * (i % 3));

    assertThat(detector.detect(both, OPENED_AT_100))
        .hasValueSatisfying(found -> {
          assertThat(found.onset()).isEqualTo(second(95));
          assertThat(found.extreme()).isBetween(0.29, 0.31);
        });
    assertThat(detector.over(both, OPENED_AT_100))
        .hasValueSatisfying(past -> assertThat(past.ended()).isEqualTo(second(60)));
  }

  @ParameterizedTest
  @ValueSource(ints = {91, 95, 100, 110})
  void whatEndedHardlyBeforeTheOpeningOrLaterStays(int end) {
    var found = detector.detect(errors(at -> at >= 50 && at < end), OPENED_AT_100);

    assertThat(found).hasValueSatisfying(d -> assertThat(d.onset()).isEqualTo(second(50)));
  }

  @Test
  void whatBeganAfterAnEarlyOpeningStays() {
    assertThat(detector.detect(errors(at -> at >= 112), OPENED_AT_100)).isPresent();
  }

  @Test
  void aSeriesThatEndsInTroubleIsNotOver() {
    var crashed = of("a", "cpu", i -> i < QUIET + 50 ? 0.1 : i < QUIET + 70 ? 0.99 : Double.NaN);

    assertThat(detector.detect(crashed, OPENED_AT_100)).isPresent();
    assertThat(detector.over(crashed, OPENED_AT_100)).isEmpty();
  }

  @Test
  void aSawtoothIsOneTrouble() {
    var found = detector.detect(errors(at -> at >= 40 && at % 14 < 5), OPENED_AT_100);

    assertThat(found).isPresent();
    assertThat(detector.over(errors(at -> at >= 40 && at % 14 < 5), OPENED_AT_100)).isEmpty();
  }

  @Test
  void aSingleUsualValueOfASparseSeriesEndsNothing() {
    var sparse =
        of(
            "a",
            "error_rate",
            i -> i % 15 != 0 ? Double.NaN : i < QUIET + 30 || i == QUIET + 75 ? 0 : 0.6);

    assertThat(detector.measure(sparse, OPENED_AT_100)).isPresent();
    assertThat(detector.over(sparse, OPENED_AT_100)).isEmpty();
  }

  @Test
  void aSingleUsualValueThatStandsForALongTimeEndsNothing() {
    // Scraped each 15 s and seen each second: one good scrape in the middle of the trouble.
    var held =
        of(
            "a",
            "cpu",
            i -> {
              int scrape = i / 15;
              boolean good = i < QUIET + 30 || scrape == (QUIET + 75) / 15;
              return (good ? 0.1 : 0.9) + scrape % 7 * 0.001;
            });

    assertThat(detector.measure(held, OPENED_AT_100)).isPresent();
    assertThat(detector.over(held, OPENED_AT_100)).isEmpty();
  }

  @Test
  void aConstantOfUnknownUnitThatMovesALittleDoesNotBeatAClearRise() {
    var constant = step("a", "sockets", 7, 0, 60, 8);
    var unknown =
        new Series("a", "sockets", constant.millis(), constant.values(), Series.Unit.UNKNOWN);
    var moved = detector.detect(unknown, WINDOW).orElseThrow();
    var clear = detector.detect(step("b", "cpu", 0.1, 0.01, 60, 0.98), WINDOW).orElseThrow();

    assertThat(moved.weight()).isLessThan(clear.weight());
  }
}
