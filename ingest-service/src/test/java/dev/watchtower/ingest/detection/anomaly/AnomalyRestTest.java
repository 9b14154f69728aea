package dev.watchtower.ingest.detection.anomaly;

import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.CHECKOUT;
import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.START;
import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.STEP;
import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.cpu;
import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.lastSeen;
import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.rule;
import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.run;
import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.seconds;
import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.steadyCpu;
import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.step;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.Observation;
import dev.watchtower.ingest.detection.Remembered;
import dev.watchtower.ingest.series.Labels;
import java.time.Duration;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** How long a rule says nothing after it has spoken: its cool-down. */
class AnomalyRestTest {
  @Test
  void saysNothingSoLongAfterABreach() {
    // The rule rests for five minutes, which are 60 steps.
    assertThat(seconds(60)).isEqualTo(300);
    IntPredicate soonAgain = i -> (i >= 400 && i < 450) || (i >= 480 && i < 495);
    IntPredicate laterAgain = i -> (i >= 400 && i < 450) || (i >= 580 && i < 595);

    assertThat(run(rule(null), 0.5, 0.3, 700, soonAgain)).hasSize(2);
    assertThat(run(rule(null), 0.5, 0.3, 700, laterAgain)).hasSize(4);
  }

  @Test
  void doesNotRestAfterABreachThatNobodyWasToldOf() {
    Catalog.Rule patient = rule(null, 0, Duration.ofMinutes(2));
    IntPredicate blipBefore = i -> (i >= 400 && i < 408) || (i >= 420 && i < 520);
    IntPredicate toldBefore = i -> (i >= 400 && i < 430) || (i >= 450 && i < 490);

    List<Detected> signals = run(patient, 0.5, 0.3, 700, blipBefore);
    assertThat(signals).hasSize(2);
    assertThat(step(signals.getFirst())).isBetween(420L, 422L);
    assertThat(run(patient, 0.5, 0.3, 700, toldBefore)).as("rests").hasSize(2);
  }

  @Test
  void restsAfterWhatIsToldOnlyAfterARestart() {
    Catalog.Rule patient = rule("cpu", 0, Duration.ofSeconds(30));
    AnomalyWatch watch = steadyCpu(patient, new FindingBox());
    Remembered pending =
        new Remembered(
            Remembered.What.PENDING,
            patient.name(),
            CHECKOUT,
            Labels.EMPTY,
            SignalKind.ANOMALY,
            Severity.SEV4,
            START - 2 * STEP,
            START);
    watch.restore(List.of(), List.of(pending));
    watch.observe(cpu(1, 0.9));
    for (int i = 2; i < 10; i++) {
      watch.observe(cpu(i, 0.2));
    }
    assertThat(watch.remembered(START + 10 * STEP)).as("less than 30 s").isEmpty();

    watch.restore(List.of(), List.of(pending));
    for (int i = 10; i < 20; i++) {
      watch.observe(cpu(i, i < 12 ? 0.9 : 0.2));
    }
    assertThat(watch.remembered(START + 20 * STEP)).as("more than 30 s").hasSize(1);
  }

  @Test
  void restsOnAfterARestart() {
    Catalog.Rule rule = rule("cpu");
    FindingBox box = new FindingBox();
    AnomalyWatch watch = steadyCpu(rule, box);
    watch.observe(cpu(1, 0.9));
    for (int i = 2; i < 10; i++) {
      watch.observe(cpu(i, 0.2));
    }
    long ended = watch.remembered(START + 10 * STEP).getFirst().since();
    assertThat(ended).isBetween(START + 2 * STEP, START + 9 * STEP);
    List<Remembered> remembered = watch.remembered(ended + 299_999);
    assertThat(remembered).hasSize(1);
    assertThat(watch.remembered(ended + 300_000)).isEmpty();

    assertThat(lastSeen(rule, List.of(), remembered, 20)).isEqualTo(Observation.FINE);
    assertThat(lastSeen(rule, List.of(), List.of(), 20)).isEqualTo(Observation.BREACH);
    assertThat(lastSeen(rule, List.of(), remembered, 100)).isEqualTo(Observation.BREACH);
  }
}
