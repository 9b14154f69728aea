package dev.watchtower.ingest.detection.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.series.Freshness;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times are seconds. */
class ListeningTest {
  private boolean answers = true;
  private long takes;
  private long now = 1_000;
  private final Listening listening = new Listening(this::answers, this::millis, this::nanos);

  private boolean answers() {
    now += takes;
    return answers;
  }

  private long millis() {
    return now * 1_000;
  }

  private long nanos() {
    return now * 1_000_000_000;
  }

  private static Catalog.Rule missing(int after) {
    return new Catalog.Rule(
        "silent",
        SignalKind.NO_DATA,
        null,
        null,
        null,
        null,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ofSeconds(after),
        Severity.SEV3,
        List.of("*"),
        List.of("*"),
        0,
        null,
        null);
  }

  @ParameterizedTest
  @CsvSource({"30, 5", "3600, 5", "16, 4", "5, 2"})
  void aPauseThatIsShortForTheRuleChangesNothing(int after, int pause) {
    listening.begin(millis());
    for (now += pause; now < 1_100; now += pause) {
      listening.look(List.of(missing(after), missing(7_200)), millis());
    }

    assertThat(listening.since()).isEqualTo(1_000_000);
  }

  @ParameterizedTest
  @CsvSource({"30, 6", "3600, 6", "16, 5", "5, 3"})
  void aLongerOneIsAStandstill(int after, int pause) {
    listening.begin(millis());
    now += pause;
    listening.look(List.of(missing(after), missing(7_200)), millis());
    now += 1;
    listening.look(List.of(missing(after)), millis());

    assertThat(listening.since()).isEqualTo((1_000 + pause) * 1_000);
  }

  @Test
  void aDatabaseThatAnswersAtOnceHasNothingDoubted() {
    listening.begin(millis());
    now += 1;
    takes = 1;
    listening.doubt();

    assertThat(listening.since()).isEqualTo(1_000_000);
  }

  @Test
  void oneThatDoesNotOrOnlyAfterAWhileMakesSilenceProveNothingUntilThen() {
    listening.begin(millis());
    answers = false;
    listening.doubt();
    assertThat(listening.since()).isEqualTo(1_000_000);
    now += 1;
    listening.doubt();
    assertThat(listening.since()).isEqualTo(1_001_000);
    answers = true;
    takes = 20;
    listening.doubt();

    assertThat(listening.since()).as("when it answered").isEqualTo(1_021_000);
  }

  @Test
  void nobodyIsMissedForAStandstillButWhoIsStillSilentAfterwards() {
    List<Catalog.Rule> rules = List.of(missing(30));
    Detector detector = new Detector(new RuleBook(rules));
    ServiceRegistry registry = new ServiceRegistry();
    registry.recall(
        List.of(new Freshness.LastSample("shop", "prod", Instant.ofEpochSecond(now))), millis());
    listening.begin(millis());
    List<Detected> told = List.of();
    for (now += 60; told.isEmpty(); now++) {
      listening.look(rules, millis());
      told = detector.onSilence(registry.all(), listening.since(), millis());
    }

    assertThat(told.getFirst().signal().at()).isEqualTo(Instant.ofEpochSecond(1_090));
  }
}
