package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.CHECKOUT;
import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static dev.watchtower.ingest.detection.HandMadeRules.snapshot;
import static dev.watchtower.ingest.detection.HandMadeRules.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.golden.SignalSnapshot;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a restart does not make begin anew. */
class RememberedTest {
  private static final Catalog.Rule SLOW =
      rule("slow", SignalKind.THRESHOLD, "error_rate", null, 300, 300, 0);
  private static final Catalog.Rule QUEUE =
      rule("queue", SignalKind.THRESHOLD, null, "queue_depth > 100", 300, 300, 0);
  private static final Catalog.Rule ODD = rule("odd", SignalKind.ANOMALY, null, null, 300, 300, 0);
  private static final RuleBook RULES = new RuleBook(List.of(SLOW, QUEUE, ODD));
  private static final Labels LABELS = Labels.of("service", "checkout", "env", "prod");
  private static final RuleBook.ExpressionRule ON_QUEUE = RULES.onExpressions().get("queue");

  private final List<Detected> firing = new ArrayList<>();
  private Detector detector = new Detector(RULES);

  private void restart() {
    List<Remembered> remembered = detector.remembered();
    detector = new Detector(RULES);
    detector.restore(firing, remembered);
  }

  private List<String> errors(long second, @Nullable Double rate) {
    return kept(detector.onSignals(snapshot(second, rate, 10)));
  }

  private List<String> settling(long second) {
    SignalSnapshot seen = snapshot(second, null, 0);
    return kept(
        detector.onSignals(
            new SignalSnapshot(
                seen.key(), seen.at(), seen.windowMillis(), seen.values(), seen.queries(), true)));
  }

  private List<String> queue(long second, boolean full, boolean settling) {
    List<Value.Sample> found = full ? List.of(new Value.Sample(LABELS, 150)) : List.of();
    Looked looked = new Looked(found, List.of(), List.of());
    return kept(detector.onVector(ON_QUEUE, second * 1000, looked, settling));
  }

  private List<String> odd(long second, Observation seen) {
    Finding finding =
        new Finding(CHECKOUT, Labels.EMPTY, seen, Severity.SEV4, "odd", null, second * 1000);
    return kept(detector.onFindings(ODD, List.of(finding)));
  }

  private List<String> kept(List<Detected> signals) {
    firing.addAll(signals);
    return told(signals);
  }

  @Test
  void sinceWhenSomethingIsOpenIsTheSameWhilePendingFiringAndAfterARestart() {
    errors(1_000, 0.5);
    errors(1_240, 0.5);
    assertThat(detector.open()).extracting(OpenBreach::since).containsExactly(1_000_000L);
    assertThat(errors(1_300, 0.5)).containsExactly("FIRING 1000");
    assertThat(detector.open()).extracting(OpenBreach::since).containsExactly(1_000_000L);

    restart();
    assertThat(detector.open()).extracting(OpenBreach::since).containsExactly(1_000_000L);
  }

  @Test
  void aBreachThatBeganBeforeFiresWhenItHasLastedLongEnoughInAll() {
    errors(1_000, 0.5);
    queue(1_000, true, false);
    odd(1_000, Observation.BREACH);
    errors(1_240, 0.5);
    queue(1_240, true, false);
    odd(1_240, Observation.BREACH);

    restart();

    assertThat(errors(1_299, 0.5)).isEmpty();
    assertThat(errors(1_300, 0.5)).containsExactly("FIRING 1000");
    assertThat(queue(1_300, true, false)).containsExactly("FIRING 1000");
    assertThat(odd(1_300, Observation.BREACH)).containsExactly("FIRING 1000");
  }

  @Test
  void aBreachThatEndedMeanwhileIsOver() {
    errors(1_000, 0.5);
    errors(1_240, 0.5);

    restart();

    assertThat(errors(1_250, 0.0)).isEmpty();
    assertThat(errors(1_300, 0.5)).isEmpty();
    assertThat(detector.remembered()).extracting(Remembered::since).containsExactly(1_300_000L);
  }

  @Test
  void whatIsMissingWhileItSettlesSaysNothing() {
    errors(1_000, 0.5);
    queue(1_000, true, false);
    errors(1_240, 0.5);
    queue(1_240, true, false);

    restart();

    assertThat(settling(1_260)).isEmpty();
    assertThat(queue(1_260, false, true)).isEmpty();
    assertThat(errors(1_300, 0.5)).containsExactly("FIRING 1000");
    assertThat(queue(1_300, true, false)).containsExactly("FIRING 1000");
    assertThat(queue(1_310, false, true)).isEmpty();
    assertThat(detector.firing()).isEqualTo(2);
  }

  @Test
  void onlyWhatBeganBeforeIsSpared() {
    restart();
    queue(1_000, true, true);
    assertThat(queue(1_010, false, true)).isEmpty();
    assertThat(detector.remembered()).isEmpty();
  }

  @Test
  void theTimeSinceItIsFineGoesOn() {
    errors(1_000, 0.5);
    assertThat(errors(1_300, 0.5)).containsExactly("FIRING 1000");
    errors(1_310, 0.0);
    errors(1_500, 0.0);

    restart();

    assertThat(errors(1_609, 0.0)).isEmpty();
    assertThat(errors(1_610, 0.0)).containsExactly("CLEARED 1310");
  }

  @Test
  void whatWasToldMeanwhileIsNotPendingAgain() {
    errors(1_000, 0.5);
    List<Remembered> old = detector.remembered();
    errors(1_300, 0.5);

    detector = new Detector(RULES);
    detector.restore(firing, old);

    assertThat(detector.firing()).isEqualTo(1);
    assertThat(errors(1_310, 0.5)).isEmpty();
    assertThat(detector.remembered()).isEmpty();
  }

  @Test
  void writesWhatChangedAndThatItGoesOnOnceAMinuteOnly() {
    Map<Remembered.Id, Remembered> saved = new HashMap<>();
    List<Integer> written = new ArrayList<>();
    for (int second = 1_000; second <= 1_180; second++) {
      errors(second, 0.5);
      RememberedChanges changes = RememberedChanges.between(saved, detector.remembered());
      changes.put().forEach(one -> saved.put(one.id(), one));
      if (!changes.isEmpty()) {
        written.add(second);
      }
    }
    assertThat(written).containsExactly(1_000, 1_060, 1_120, 1_180);

    errors(1_190, 0.0);
    RememberedChanges over = RememberedChanges.between(saved, detector.remembered());
    assertThat(over.put()).isEmpty();
    assertThat(over.gone()).containsExactlyElementsOf(saved.keySet());
    errors(1_200, 0.5);
    assertThat(RememberedChanges.between(saved, detector.remembered()).put()).hasSize(1);
  }
}
