package dev.watchtower.ingest.detection.anomaly;

import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.START;
import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.STEP;
import static dev.watchtower.ingest.detection.anomaly.AnomalyWatchTest.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FleetTest {
  private static final int SERVICES = 7;
  private static final int INCIDENT = 400;
  private static final int LASTS = 60;

  private RuleBook book = new RuleBook(List.of(rule(null)));
  private Detector detector = new Detector(book);
  private final FindingBox box = new FindingBox();
  private final List<Detected> told = new ArrayList<>();

  private static ServiceKey key(int service) {
    return new ServiceKey("s" + service, "prod");
  }

  private AnomalyWatch watch() {
    AnomalyWatch watch = new AnomalyWatch((_, _, _, _, _) -> List.of(), box);
    watch.follow(book.onAnomalies());
    return watch;
  }

  /** Services with two calm signals, the latency of the first {@code slow} of which rises. */
  private void run(AnomalyWatch watch, int slow, int from, int to, long seed) {
    run(watch, slow, LASTS, from, to, seed);
  }

  /** The same, but that of all but the first is high for so many steps only. */
  private void run(AnomalyWatch watch, int slow, int lasts, int from, int to, long seed) {
    Random noise = new Random(seed);
    for (int i = from; i < to; i++) {
      for (int s = 0; s < SERVICES; s++) {
        boolean bad = s < slow && i >= INCIDENT && i < INCIDENT + (s == 0 ? LASTS : lasts);
        watch.observe(
            new SignalSnapshot(
                key(s),
                START + i * STEP,
                2 * STEP,
                Map.of(
                    "latency_p95", 0.1 + 0.01 * noise.nextGaussian() + (bad ? 0.5 : 0),
                    "error_rate", 0.01 + 0.001 * noise.nextGaussian()),
                Map.of()));
        watch.learnNext();
        for (var found = box.poll(); found != null; found = box.poll()) {
          told.addAll(detector.onFindings(found.rule(), found.findings()));
        }
      }
    }
  }

  private List<Signal> told(int service, SignalStatus status) {
    return told.stream()
        .map(Detected::signal)
        .filter(s -> s.service().equals(key(service).service()) && s.status() == status)
        .toList();
  }

  private static long step(Signal signal) {
    return (signal.at().toEpochMilli() - START) / STEP;
  }

  @Test
  void oneSignalIsEnoughWhereManyServicesAreUnusualAtOnce() {
    run(watch(), 4, 0, INCIDENT + LASTS + 60, 5);

    for (int s = 0; s < 4; s++) {
      assertThat(told(s, SignalStatus.FIRING)).hasSize(1);
      Signal fired = told(s, SignalStatus.FIRING).getFirst();
      assertThat(step(fired)).isBetween((long) INCIDENT, INCIDENT + 2L);
      assertThat(fired.summary()).endsWith("; unusual as well: 3 of 6 other services");
      assertThat(fired.evidence().labels())
          .containsEntry("unusual_as_well", "3 of 6 other services")
          .doesNotContainKey("error_rate_score");
      assertThat(told(s, SignalStatus.CLEARED)).hasSize(1);
      assertThat(step(told(s, SignalStatus.CLEARED).getFirst()))
          .isBetween((long) INCIDENT + LASTS, INCIDENT + LASTS + 10L);
    }
    assertThat(told(4, SignalStatus.FIRING)).isEmpty();
  }

  @Test
  void twoOthersMayBeChance() {
    run(watch(), 3, 0, INCIDENT + LASTS, 5);

    assertThat(told).isEmpty();
  }

  @Test
  void aRestartDoesNotEndWhatOthersCountedFor() {
    AnomalyWatch before = watch();
    run(before, 4, 0, INCIDENT + 20, 5);
    assertThat(told).hasSize(4);
    AnomalyWatch after = watch();
    run(after, 0, 0, 200, 6);
    after.restore(List.copyOf(told), List.of());
    told.clear();

    run(after, 1, INCIDENT + 20, INCIDENT + LASTS, 7);
    assertThat(told(0, SignalStatus.CLEARED)).as("nobody knows of others").isEmpty();
    run(after, 1, INCIDENT + LASTS, INCIDENT + LASTS + 20, 8);
    assertThat(told(0, SignalStatus.CLEARED)).hasSize(1);
  }

  @Test
  void othersCountForARuleThatTellsLater() {
    Catalog.Rule later = rule(null, 0, Duration.ofMinutes(4));
    book = new RuleBook(List.of(later));
    detector = new Detector(book);
    AnomalyWatch before = watch();

    run(before, 4, 5, 0, INCIDENT + 40, 5);
    assertThat(told).isEmpty();
    run(before, 4, 5, INCIDENT + 40, INCIDENT + 58, 6);

    assertThat(before.anomalies(key(0)).orElseThrow().others().unusual())
        .as("they are well again")
        .isLessThan(3);
    Signal fired = told(0, SignalStatus.FIRING).getFirst();
    assertThat(fired.summary()).endsWith("; unusual as well: 3 of 6 other services");
    assertThat(fired.evidence().labels()).containsKey("unusual_as_well");
  }

  @Test
  void theScoreOfAServiceRisesWithTheOthers() {
    AnomalyWatch alone = watch();
    run(alone, 1, 0, INCIDENT + 1, 5);
    AnomalyWatch together = watch();
    run(together, 4, 0, INCIDENT + 1, 5);

    ServiceAnomalies one = alone.anomalies(key(0)).orElseThrow();
    // The first to be looked at knows how the others were a step before.
    ServiceAnomalies many = together.anomalies(key(3)).orElseThrow();
    assertThat(one.others()).isEqualTo(new Others(0, 6));
    assertThat(many.others()).isEqualTo(new Others(3, 6));
    assertThat(many.score()).isGreaterThan(one.score()).isLessThan(1);
  }

  @Test
  void aServiceHasNoScoreBeforeEnoughWasSeen() {
    AnomalyWatch watch = watch();
    run(watch, 0, 0, SeriesDetector.START_UP - 1, 5);
    assertThat(watch.anomalies(key(0)).orElseThrow().score()).isZero();

    run(watch, 0, SeriesDetector.START_UP - 1, SeriesDetector.START_UP + 1, 6);
    assertThat(watch.anomalies(key(0)).orElseThrow().score()).isPositive();
  }

  @Test
  void countsOnlyOthersOfTheEnvironmentThatAreHeard() {
    Fleet fleet = new Fleet();
    fleet.note(key(0), START, STEP, true);
    fleet.note(key(1), START, STEP, true);
    fleet.note(key(2), START, STEP, false);
    fleet.note(new ServiceKey("s1", "test"), START, STEP, true);

    assertThat(fleet.others(key(0), START, STEP)).isEqualTo(new Others(1, 2));
    assertThat(fleet.others(key(0), START + STEP, STEP)).isEqualTo(new Others(1, 2));
    assertThat(fleet.others(key(0), START + 2 * STEP, STEP))
        .as("unusual two steps ago")
        .isEqualTo(new Others(0, 2));
    assertThat(fleet.others(key(0), START + 2 * STEP, 3 * STEP))
        .as("seen from one that is looked at less often")
        .isEqualTo(new Others(1, 2));
    assertThat(fleet.others(key(0), START + 12 * STEP, STEP)).isEqualTo(Others.NONE);
    assertThat(fleet.others(key(0), START - 60 * STEP, STEP))
        .as("a clock that was put back")
        .isEqualTo(Others.NONE);

    fleet.note(key(1), START + STEP, STEP, false);
    assertThat(fleet.others(key(0), START + STEP, STEP).unusual()).as("for two steps").isEqualTo(1);
    fleet.forget(key(1));
    assertThat(fleet.others(key(0), START + STEP, STEP)).isEqualTo(new Others(0, 1));
  }

  @Test
  void saysHowManyAreNoChance() {
    assertThat(new Others(2, 2).agree()).isFalse();
    assertThat(new Others(3, 8).agree()).isTrue();
    assertThat(new Others(3, 9).agree()).isFalse();
    assertThat(new Others(4, 11).agree()).isTrue();
    assertThat(Others.NONE.share()).isZero();
    assertThat(new Others(1, 1).share()).isEqualTo(0.5);
  }
}
