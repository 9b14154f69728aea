package dev.watchtower.ingest.detection.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.Remembered;
import dev.watchtower.ingest.detection.anomaly.ServiceAnomalies.SignalAnomaly;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/** What is learnt of a service while a threshold or a burn rate fires on it. */
class TroublesTest {
  private static final ServiceKey CHECKOUT = new ServiceKey("checkout", "prod");
  private static final long START = 1_760_000_000_000L;
  private static final long STEP = 5_000;
  private static final int INCIDENT = 600;
  private static final int OVER = 1_000;

  /** As far as a value usually is from the level: nothing to alarm by. */
  private static final double SHIFT = 0.1;

  private static SignalAnomaly run(int steps, double shift, IntPredicate fires) {
    return runSince(steps, shift, since(fires));
  }

  private static IntFunction<OptionalLong> since(IntPredicate fires) {
    return step -> {
      int since = step;
      while (since >= 0 && fires.test(since)) {
        since--;
      }
      return since == step ? OptionalLong.empty() : OptionalLong.of(START + (since + 1) * STEP);
    };
  }

  private static SignalAnomaly runSince(int steps, double shift, IntFunction<OptionalLong> since) {
    Random noise = new Random(7);
    AnomalyWatch watch = new AnomalyWatch((_, _, _, _, _) -> List.of(), new FindingBox());
    for (int i = 0; i < steps; i++) {
      double level = 0.2 + (i >= INCIDENT && i < OVER ? shift : 0);
      double value = level + 0.1 * noise.nextGaussian();
      watch.observe(
          new SignalSnapshot(CHECKOUT, START + i * STEP, 10_000, Map.of("cpu", value), Map.of()),
          since.apply(i));
      watch.learnNext();
    }
    return watch.anomalies(CHECKOUT).orElseThrow().signal("cpu").orElseThrow();
  }

  @Test
  void nothingIsLearntFromAnIncidentThatOthersTellOf() {
    SignalAnomaly learnt = run(OVER + 1, SHIFT, _ -> false);
    SignalAnomaly forgotten = run(OVER + 1, SHIFT, step -> step >= INCIDENT && step < OVER);

    assertThat(learnt.since()).as("it does not tell of it itself").isNull();
    assertThat(learnt.expected()).isGreaterThan(0.25);
    assertThat(forgotten.expected()).as("what was usual before").isLessThan(0.24);
  }

  @Test
  void whatIsUnusualThenIsFoundAndEndsAsEver() {
    IntPredicate fires = step -> step >= INCIDENT && step < OVER;

    assertThat(run(OVER - 1, 9 * SHIFT, fires).since()).isEqualTo(START + INCIDENT * STEP);
    assertThat(run(OVER + 20, 9 * SHIFT, fires).since()).isNull();
    assertThat(run(OVER + 20, 9 * SHIFT, fires).expected()).isBetween(0.1, 0.3);
  }

  @Test
  void whatFiresForGoodIsHowThingsAreAfterAnHour() {
    int hour = OVER - 10 - WatchedSignal.LONGEST;

    SignalAnomaly now = run(OVER, SHIFT, step -> step >= hour);
    SignalAnomaly later = run(OVER, SHIFT, step -> step >= hour && step < OVER - 2);
    SignalAnomaly sooner = run(OVER, SHIFT, step -> step >= hour + 20 && step < OVER - 2);

    assertThat(now.expected()).isGreaterThan(0.25);
    assertThat(later.expected()).as("nor is it forgotten then").isGreaterThan(0.25);
    assertThat(sooner.expected()).as("not an hour yet").isLessThan(0.24);
  }

  @Test
  void whatHasFiredForLongIsNoReasonToLearnFromAnIncident() {
    IntPredicate incident = step -> step >= INCIDENT && step < OVER;
    long before = START - 2 * WatchedSignal.LONGEST * STEP;

    SignalAnomaly forgotten =
        runSince(
            OVER + 1,
            SHIFT,
            step -> incident.test(step) ? since(incident).apply(step) : OptionalLong.of(before));

    assertThat(forgotten.expected()).as("what was usual before").isLessThan(0.24);
    SignalAnomaly learnt = runSince(OVER + 1, SHIFT, _ -> OptionalLong.of(before));
    assertThat(learnt.expected()).isGreaterThan(0.25);
  }

  @Test
  void onlySoManyOfAServiceAreKnown() {
    Troubles troubles = new Troubles();
    for (int i = 0; i < 40; i++) {
      troubles.note(CHECKOUT, i * STEP, i % 2 == 1);
    }
    assertThat(troubles.of(CHECKOUT)).hasSize(Troubles.MOST);
    assertThat(troubles.of(CHECKOUT).getLast()).isEqualTo(new Trouble(39 * STEP, Trouble.LASTING));

    Troubles restarted = new Troubles();
    restarted.restore(troubles.remembered(40 * STEP).reversed());
    assertThat(restarted.of(CHECKOUT)).isEqualTo(troubles.of(CHECKOUT));
    // A clock that was put back.
    restarted.note(CHECKOUT, STEP, false);
    assertThat(restarted.of(CHECKOUT).getLast()).isEqualTo(new Trouble(39 * STEP, 39 * STEP));
    restarted.forget(CHECKOUT);
    assertThat(restarted.remembered(40 * STEP)).isEmpty();
  }

  @Test
  void whatLastsIsOverInTimeAlsoWhereTheClockWasPutBackBeforeARestart() {
    Troubles troubles = new Troubles();
    troubles.note(CHECKOUT, 100 * STEP, true);
    troubles.note(CHECKOUT, 110 * STEP, false);
    troubles.note(CHECKOUT, 50 * STEP, true);

    Troubles restarted = new Troubles();
    restarted.restore(troubles.remembered(50 * STEP));
    restarted.note(CHECKOUT, 60 * STEP, false);

    assertThat(restarted.of(CHECKOUT))
        .containsExactly(new Trouble(100 * STEP, 110 * STEP), new Trouble(50 * STEP, 60 * STEP));
  }

  @Test
  void troublesOfServicesThatAreGoneAreForgotten() {
    ServiceKey gone = new ServiceKey("pr-123", "preview");
    long hour = 3_600_000;
    Troubles first = new Troubles();
    for (ServiceKey key : List.of(CHECKOUT, gone)) {
      first.note(key, START, true);
      first.note(key, START + STEP, false);
      first.note(key, START + 2 * STEP, true);
    }
    Troubles troubles = new Troubles();
    troubles.restore(first.remembered(START + 3 * STEP));
    assertThat(troubles.of(gone)).hasSize(2);

    // One that lives is heard, through restarts that come too soon for one that is gone.
    for (int i = 1; i <= 80; i++) {
      troubles.note(CHECKOUT, START + i * hour, true);
      List<Remembered> remembered = troubles.remembered(START + i * hour);
      assertThat(remembered.size()).isGreaterThanOrEqualTo(i < 72 ? 4 : 1);
      troubles = new Troubles();
      troubles.restore(remembered);
    }

    assertThat(troubles.remembered(START + 80 * hour)).hasSize(1);
    assertThat(troubles.of(gone)).isEmpty();
    assertThat(troubles.of(CHECKOUT))
        .containsExactly(new Trouble(START + 2 * STEP, Trouble.LASTING));
  }
}
