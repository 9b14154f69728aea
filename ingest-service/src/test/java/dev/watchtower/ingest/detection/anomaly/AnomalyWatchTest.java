package dev.watchtower.ingest.detection.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.Observation;
import dev.watchtower.ingest.detection.Remembered;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.SignalSnapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AnomalyWatchTest {
  static final ServiceKey CHECKOUT = new ServiceKey("checkout", "prod");
  static final long START = 1_760_000_000_000L;
  static final long STEP = 5_000;
  private static final int INCIDENT = 400;

  static Catalog.Rule rule(@Nullable String signal) {
    return rule(signal, 0);
  }

  private static Catalog.Rule rule(@Nullable String signal, double minTraffic) {
    return rule(signal, minTraffic, Duration.ZERO);
  }

  static Catalog.Rule rule(@Nullable String signal, double minTraffic, Duration holdFor) {
    return new Catalog.Rule(
        "unusual",
        SignalKind.ANOMALY,
        signal,
        null,
        null,
        null,
        holdFor,
        Duration.ofSeconds(15),
        Duration.ofMinutes(5),
        Severity.SEV4,
        List.of("*"),
        List.of("*"),
        minTraffic,
        null,
        null);
  }

  /** One run of an hour: steady noise, and an incident of ten minutes with the given strengths. */
  private static List<Detected> run(Catalog.Rule rule, double latency, double errors) {
    return run(rule, latency, errors, 720, i -> i >= INCIDENT && i < INCIDENT + 120);
  }

  /** A run of so many steps, bad where {@code when} says so. */
  static List<Detected> run(
      Catalog.Rule rule, double latency, double errors, int steps, IntPredicate when) {
    Random noise = new Random(5);
    RuleBook book = new RuleBook(List.of(rule));
    Detector detector = new Detector(book);
    FindingBox box = new FindingBox();
    AnomalyWatch watch = new AnomalyWatch((_, _, _, _, _) -> List.of(), box);
    watch.follow(book.onAnomalies());
    List<Detected> all = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      boolean bad = when.test(i);
      Map<String, @Nullable Double> values =
          Map.of(
              "latency_p95", 0.1 + 0.01 * noise.nextGaussian() + (bad ? latency : 0),
              "error_rate", 0.01 + 0.001 * noise.nextGaussian() + (bad ? errors : 0));
      watch.observe(new SignalSnapshot(CHECKOUT, START + i * STEP, 10_000, values, Map.of()));
      if (i == 0) {
        watch.learnNext();
      }
      for (var found = box.poll(); found != null; found = box.poll()) {
        all.addAll(detector.onFindings(found.rule(), found.findings()));
      }
    }
    return all;
  }

  static long step(Detected detected) {
    return (detected.signal().at().toEpochMilli() - START) / STEP;
  }

  @Test
  void firesWhenSignalsAgreeAndClearsWhenTheyAreAsUsual() {
    List<Detected> signals = run(rule(null), 0.5, 0.3);

    assertThat(signals).hasSize(2);
    assertThat(signals.getFirst().signal().status()).isEqualTo(SignalStatus.FIRING);
    assertThat(step(signals.getFirst())).isBetween((long) INCIDENT, INCIDENT + 2L);
    assertThat(signals.getLast().signal().status()).isEqualTo(SignalStatus.CLEARED);
    assertThat(step(signals.getLast())).isBetween(INCIDENT + 120L, INCIDENT + 130L);
    var evidence = Objects.requireNonNull(signals.getLast().signal().evidence());
    assertThat(evidence.value()).as("in its cool-down they may be unusual again").isNotNull();
    assertThat(evidence.labels()).containsKeys("error_rate_score", "error_rate_expected");
    assertThat(Double.parseDouble(evidence.labels().get("latency_p95_value"))).isLessThan(0.15);
  }

  @Test
  void tellsWithTheEvidence() {
    var signal = run(rule(null), 0.5, 0.3).getFirst().signal();

    assertThat(signal.kind()).isEqualTo(SignalKind.ANOMALY);
    assertThat(signal.summary()).contains("unusual on checkout (prod)", "latency_p95 is 0.6");
    var evidence = Objects.requireNonNull(signal.evidence());
    assertThat(evidence.threshold()).isEqualTo(0.6);
    assertThat(evidence.value()).isGreaterThanOrEqualTo(0.6);
    assertThat(evidence.labels()).containsKeys("latency_p95_value", "error_rate_expected");
  }

  @Test
  void oneSignalAloneDoesNotSpeakForTheService() {
    assertThat(run(rule(null), 0.5, 0)).isEmpty();
    assertThat(run(rule("latency_p95"), 0.5, 0)).filteredOn(s -> step(s) >= INCIDENT).hasSize(2);
  }

  @Test
  void keepsOnWhileTheIncidentLastsBecauseItLearnsNothingFromIt() {
    List<Detected> signals = run(rule("latency_p95"), 0.5, 0);

    assertThat(step(signals.getLast())).isGreaterThanOrEqualTo(INCIDENT + 120L);
  }

  static long seconds(int steps) {
    return steps * STEP / 1_000;
  }

  private static List<String> told(List<Detected> signals) {
    return signals.stream().map(s -> s.signal().status() + " " + step(s)).toList();
  }

  @Test
  void anIncidentIsAsUnusualTheSecondTimeAsTheFirst() {
    IntPredicate twice = i -> (i >= 400 && i < 600) || (i >= 800 && i < 1_000);

    List<Detected> signals = run(rule(null), 0.5, 0.3, 1_200, twice);

    assertThat(signals).hasSize(4);
    assertThat(step(signals.get(0))).isBetween(400L, 402L);
    assertThat(step(signals.get(1))).isBetween(600L, 610L);
    assertThat(step(signals.get(2))).isBetween(800L, 802L);
    assertThat(step(signals.get(3))).isBetween(1_000L, 1_010L);
    assertThat(signals.get(2).signal().evidence().value())
        .as("nothing was learnt from the first but the value that alarmed")
        .isGreaterThanOrEqualTo(0.85 * signals.get(0).signal().evidence().value());
  }

  @Test
  void aLevelThatStaysIsTheUsualOneAfterAnHour() {
    List<Detected> signals = run(rule(null), 0.5, 0.3, 3_000, i -> i >= INCIDENT);

    assertThat(signals).hasSize(2);
    assertThat(step(signals.getFirst())).isBetween(400L, 402L);
    assertThat(step(signals.getLast()))
        .isBetween(
            (long) INCIDENT + WatchedSignal.LONGEST, (long) INCIDENT + WatchedSignal.LONGEST + 10);
  }

  /** What a new watch sees of an anomaly in that step. */
  static Observation lastSeen(
      Catalog.Rule rule, List<Detected> firing, List<Remembered> remembered, int step) {
    FindingBox box = new FindingBox();
    AnomalyWatch watch = steadyCpu(rule, box);
    watch.restore(firing, remembered);
    watch.observe(cpu(step, 0.9));
    return box.poll().findings().getFirst().observation();
  }

  static AnomalyWatch steadyCpu(Catalog.Rule rule, FindingBox box) {
    Random noise = new Random(5);
    AnomalyWatch watch =
        new AnomalyWatch(
            (_, _, from, to, step) -> {
              List<GoldenSignals.Point> points = new ArrayList<>();
              for (long at = from; at <= to; at += step) {
                points.add(
                    new GoldenSignals.Point(at, Map.of("cpu", 0.2 + 0.01 * noise.nextGaussian())));
              }
              return points;
            },
            box);
    watch.follow(List.of(rule));
    watch.observe(cpu(0, 0.2));
    watch.learnNext();
    return watch;
  }

  /** What is stored of checkout: values every ten seconds, so that a window of 10 s has no rate. */
  private static AnomalyWatch.History sparse(List<Long> windows, Set<String> always) {
    Random noise = new Random(5);
    return (_, window, from, to, step) -> {
      windows.add(window);
      List<GoldenSignals.Point> points = new ArrayList<>();
      for (long at = from; at <= to; at += step) {
        Map<String, @Nullable Double> values = new HashMap<>();
        for (String name : List.of("cpu", "memory", "latency_p95", "error_rate")) {
          boolean has = always.contains(name) || window >= 30_000;
          values.put(name, has ? (Double) (0.2 + 0.01 * noise.nextGaussian()) : null);
        }
        points.add(new GoldenSignals.Point(at, values));
      }
      return points;
    };
  }

  private static SignalSnapshot all(long second, long window, double rest, boolean settling) {
    return new SignalSnapshot(
        CHECKOUT,
        START + second * 1_000,
        window,
        Map.of("cpu", 0.2, "memory", 0.2, "latency_p95", rest, "error_rate", rest),
        Map.of(),
        settling);
  }

  @Test
  void learnsAServiceAfterARestartOnlyWhenItsIntervalIsKnown() {
    List<Long> windows = new ArrayList<>();
    FindingBox box = new FindingBox();
    AnomalyWatch watch = new AnomalyWatch(sparse(windows, Set.of("cpu", "memory")), box);
    watch.follow(List.of(rule(null)));

    watch.observe(all(0, 10_000, 0.2, true));
    watch.learnNext();
    assertThat(windows).isEmpty();
    watch.observe(all(30, 30_000, 0.2, false));
    watch.learnNext();
    watch.observe(all(45, 30_000, 0.9, false));

    assertThat(windows).containsExactly(30_000L);
    assertThat(box.poll().findings().getFirst().observation()).isEqualTo(Observation.BREACH);
  }

  @Test
  void learnsAServiceAnewWhenItsIntervalIsAnotherForAWhile() {
    List<Long> windows = new ArrayList<>();
    AnomalyWatch watch =
        new AnomalyWatch(sparse(windows, Set.of("cpu", "memory")), new FindingBox());
    watch.observe(all(0, 10_000, 0.2, false));
    watch.learnNext();
    for (int second = 10; second <= 400; second += 10) {
      // It wavers at first.
      watch.observe(all(second, second <= 60 && second % 20 == 0 ? 10_000 : 30_000, 0.2, false));
      watch.learnNext();
    }

    assertThat(windows).containsExactly(10_000L, 30_000L);
    assertThat(watch.anomalies(CHECKOUT).orElseThrow().signals())
        .allMatch(ServiceAnomalies.SignalAnomaly::ready);
  }

  @Test
  void doesNotLearnAServiceAnewBecauseOfAPause() {
    List<Long> windows = new ArrayList<>();
    AnomalyWatch watch = new AnomalyWatch(sparse(windows, Set.of()), new FindingBox());
    watch.observe(all(0, 30_000, 0.2, false));
    watch.learnNext();
    watch.observe(all(15, 30_000, 0.2, false));

    // Of few gaps one is long.
    watch.observe(all(500, 300_000, 0.2, false));
    watch.learnNext();
    watch.observe(all(515, 30_000, 0.2, false));
    watch.learnNext();

    assertThat(windows).containsExactly(30_000L);
  }

  @Test
  void doesNotTakeItForARecoveryThatSignalsAreStillLearnt() {
    Catalog.Rule rule = rule(null);
    FindingBox box = new FindingBox();
    AnomalyWatch watch = new AnomalyWatch(sparse(new ArrayList<>(), Set.of("cpu", "memory")), box);
    watch.follow(List.of(rule));
    watch.restore(List.of(run(rule, 0.5, 0.3).getFirst()), List.of());
    watch.observe(all(0, 10_000, 0.9, false));
    watch.learnNext();

    watch.observe(all(10, 10_000, 0.9, false));

    assertThat(box.poll().findings().getFirst().observation()).isEqualTo(Observation.UNKNOWN);
  }

  @Test
  void doesNotTakeItForARecoveryThatPeopleStayAway() {
    Catalog.Rule busy = rule("cpu", 10);
    FindingBox box = new FindingBox();
    AnomalyWatch watch = steadyCpu(busy, box);

    for (int i = 1; i < 4; i++) {
      Map<String, @Nullable Double> values = new HashMap<>(Map.of("cpu", 0.9));
      values.put("traffic", i == 1 ? (Double) 20.0 : i == 2 ? (Double) 0.5 : null);
      watch.observe(new SignalSnapshot(CHECKOUT, START + i * STEP, 10_000, values, Map.of()));

      assertThat(box.poll().findings().getFirst().observation()).isEqualTo(Observation.BREACH);
    }
    AnomalyWatch quiet = steadyCpu(busy, box);
    quiet.observe(cpu(1, 0.9));
    assertThat(box.poll().findings().getFirst().observation()).isEqualTo(Observation.FINE);
  }

  @Test
  void replayedItSaysTheSameToTheByte() {
    JsonMapper json = JsonMapper.builder().build();

    List<Detected> once = run(rule(null), 0.5, 0.3);
    List<Detected> twice = run(rule(null), 0.5, 0.3);

    assertThat(told(once)).hasSize(2);
    assertThat(json.writeValueAsBytes(twice.stream().map(Detected::signal).toList()))
        .isEqualTo(json.writeValueAsBytes(once.stream().map(Detected::signal).toList()));
  }

  @Test
  void learnsFromStorageAndSoDetectsAtOnceAfterARestart() {
    AnomalyWatch watch = steadyCpu(rule("cpu"), new FindingBox());
    watch.observe(cpu(1, 0.9));

    var anomalies = watch.anomalies(CHECKOUT).orElseThrow();
    assertThat(anomalies.anomalous(Reading.ALARM))
        .extracting(ServiceAnomalies.SignalAnomaly::signal)
        .containsExactly("cpu");
  }

  @Test
  void aLateValueChangesNothing() {
    AnomalyWatch watch = new AnomalyWatch((_, _, _, _, _) -> List.of(), new FindingBox());
    watch.observe(cpu(0, 0.2));
    watch.learnNext();
    watch.observe(cpu(10, 0.2));
    var before = watch.anomalies(CHECKOUT);

    watch.observe(cpu(9, 99));

    assertThat(watch.anomalies(CHECKOUT)).isEqualTo(before);
  }

  @Test
  void isBoundedInServices() {
    AnomalyWatch watch = new AnomalyWatch((_, _, _, _, _) -> List.of(), new FindingBox());
    for (int i = 0; i < AnomalyWatch.MAX_SERVICES + 3; i++) {
      watch.observe(
          new SignalSnapshot(new ServiceKey("s" + i, "prod"), START, 10_000, Map.of(), Map.of()));
    }

    assertThat(watch.refused()).isEqualTo(3);
  }

  static SignalSnapshot cpu(int step, double value) {
    return new SignalSnapshot(
        CHECKOUT, START + step * STEP, 10_000, Map.of("cpu", value), Map.of());
  }
}
