package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.CHECKOUT;
import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static dev.watchtower.ingest.detection.HandMadeRules.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is concluded from silence. */
class DetectorSilenceTest {
  private final Detector detector =
      new Detector(new RuleBook(List.of(rule("silent", SignalKind.NO_DATA, null, null, 0, 5, 0))));
  private final ServiceRegistry registry = new ServiceRegistry();

  private void heard(long second) {
    registry.recall(
        List.of(new Freshness.LastSample("checkout", "prod", Instant.ofEpochSecond(second))),
        second * 1000);
  }

  private List<String> at(long second, long listeningSince) {
    return told(detector.onSilence(registry.all(), listeningSince * 1000, second * 1000));
  }

  @Test
  void missesAServiceAndHearsItAgain() {
    heard(100);

    assertThat(at(129, 0)).isEmpty();
    assertThat(at(130, 0)).containsExactly("FIRING 130");
    assertThat(at(131, 0)).isEmpty();
    heard(140);
    assertThat(at(141, 0)).isEmpty();
    assertThat(at(146, 0)).containsExactly("CLEARED 141");
  }

  @Test
  void missesAServiceOfWhichOnlyItsScraperSpeaks() {
    registry.recall(
        List.of(
            new Freshness.LastSample(
                "checkout", "prod", Instant.ofEpochSecond(200), Instant.ofEpochSecond(100)),
            new Freshness.LastSample("never", "prod", Instant.ofEpochSecond(200), null)),
        200_000);

    List<Detected> fired = detector.onSilence(registry.all(), 0, 200_000);
    assertThat(fired)
        .singleElement()
        .satisfies(one -> {
          assertThat(one.signal().service()).isEqualTo("checkout");
          assertThat(one.signal().evidence().from()).isEqualTo(Instant.ofEpochSecond(100));
        });
  }

  @Test
  void concludesNothingUntilItHasListenedLongEnough() {
    heard(100);

    assertThat(at(500, 490)).isEmpty();
    assertThat(at(519, 490)).isEmpty();
    assertThat(at(520, 490)).containsExactly("FIRING 520");
  }

  @Test
  void doesNotTakeARestartForARecovery() {
    heard(100);
    List<Detected> fired = detector.onSilence(registry.all(), 0, 130_000);
    Detector restarted = new Detector(detector.rules());
    restarted.restore(fired);

    for (int s = 200; s < 260; s++) {
      assertThat(restarted.onSilence(registry.all(), 200_000, s * 1000L)).isEmpty();
    }
  }

  @Test
  void expectsAServiceWhileItIsMissedOrMayBe() {
    long day = Duration.ofDays(1).toMillis();
    heard(100);

    assertThat(detector.expects(CHECKOUT, day + 30_000)).as("after, and a day").isTrue();
    assertThat(detector.expects(CHECKOUT, day + 30_001)).isFalse();
    assertThat(at(130, 0)).containsExactly("FIRING 130");
    assertThat(detector.expects(CHECKOUT, 100 * day)).as("while it fires").isTrue();
    assertThat(detector.expects(new ServiceKey("other", "prod"), 2 * day)).isFalse();
    detector.take(new RuleBook(List.of()), 200_000);
    assertThat(detector.expects(CHECKOUT, day)).isTrue();
    assertThat(detector.expects(CHECKOUT, day + 1)).as("no rule misses it").isFalse();
  }

  @Test
  void forgetsAServiceThatDoesNotComeBack() {
    heard(100);
    at(130, 0);

    List<Detected> over = detector.forget(Set.of(CHECKOUT), 90_000_000);

    assertThat(told(over)).containsExactly("CLEARED 90000");
  }

  @Test
  void endsTheAnomaliesOfAServiceThatIsMissedForADay() {
    Catalog.Rule unusual = rule("unusual", SignalKind.ANOMALY, null, null, 0, 0, 0);
    Detector both =
        new Detector(
            new RuleBook(
                List.of(unusual, rule("silent", SignalKind.NO_DATA, null, null, 0, 5, 0))));
    heard(100);
    Finding odd =
        new Finding(
            CHECKOUT, Labels.EMPTY, Observation.BREACH, Severity.SEV4, "odd", null, 100_000);
    assertThat(both.onFindings(unusual, List.of(odd))).hasSize(1);
    assertThat(both.onSilence(registry.all(), 0, 130_000)).hasSize(1);

    assertThat(both.endAnomalies(Set.of(CHECKOUT), 90_000_000))
        .extracting(d -> d.signal().rule())
        .containsExactly("unusual");
    assertThat(both.firing()).isEqualTo(1);
  }
}
