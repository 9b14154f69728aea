package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.CHECKOUT;
import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static dev.watchtower.ingest.detection.HandMadeRules.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Labels;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rule misses who is silent for half a minute; times are seconds. */
class ClockPutBackTest {
  private final Detector detector =
      new Detector(new RuleBook(List.of(rule("silent", SignalKind.NO_DATA, null, null, 10, 5, 0))));
  private final ServiceRegistry registry = new ServiceRegistry();

  private void heard(long second) {
    registry.recall(
        List.of(new Freshness.LastSample("checkout", "prod", Instant.ofEpochSecond(second))),
        second * 1000);
  }

  private List<String> at(long second) {
    detector.clock(second * 1000, 0);
    return told(detector.onSilence(registry.all(), 0, second * 1000));
  }

  private void putBack(long second) {
    registry.clockPutBack(second * 1000);
  }

  @Test
  void clearsWhatFired() {
    heard(3_700);
    at(3_730);
    assertThat(at(3_740)).containsExactly("FIRING 3730");

    putBack(200);
    assertThat(at(200)).isEmpty();
    assertThat(at(205)).containsExactly("CLEARED 200");
    assertThat(at(230)).as("and misses it anew").isEmpty();
    assertThat(at(240)).containsExactly("FIRING 230");
  }

  @Test
  void clearsWhatWasClearing() {
    heard(3_700);
    at(3_730);
    at(3_740);
    heard(3_741);
    assertThat(at(3_742)).isEmpty();

    putBack(200);
    assertThat(at(200)).isEmpty();
    assertThat(at(205)).containsExactly("CLEARED 200");
  }

  @Test
  void firesWhatWasPending() {
    heard(3_700);
    assertThat(at(3_730)).isEmpty();

    putBack(200);
    at(200);
    assertThat(at(230)).as("begins anew: it may have come since").isEmpty();
    assertThat(at(240)).containsExactly("FIRING 230");
  }

  private void restorePending() {
    detector.restore(
        List.of(),
        List.of(
            new Remembered(
                Remembered.What.PENDING,
                "silent",
                CHECKOUT,
                Labels.EMPTY,
                SignalKind.NO_DATA,
                Severity.SEV2,
                3_730_000,
                3_731_000)));
  }

  @Test
  void firesWhatWasPendingBeforeARestart() {
    heard(200);
    restorePending();

    at(230);
    assertThat(at(240)).containsExactly("FIRING 230");
  }

  @Test
  void firesItAlsoWhereThePastCameLaterThanTheTime() {
    heard(200);
    detector.clock(201_000, 0);
    restorePending();

    at(230);
    assertThat(at(240)).containsExactly("FIRING 230");
  }
}
