package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.ERRORS;
import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static dev.watchtower.ingest.detection.HandMadeRules.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Slo;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.detection.change.Deployments;
import dev.watchtower.ingest.detection.change.Judge;
import dev.watchtower.ingest.detection.slo.BurnRateRules;
import dev.watchtower.ingest.detection.slo.SloMeter;
import dev.watchtower.ingest.detection.slo.SloTracker;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.GoldenSources;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The same samples at the same instants give the same signals, to the byte. */
class ReplayTest {
  private static final long START = 1_800_000;
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Catalog.GoldenSignal TRAFFIC =
      new Catalog.GoldenSignal(
          "traffic",
          List.of(
              new Catalog.GoldenSignal.Source(
                  "own", "sum(rate(requests{service=\"$service\"}[$window]))")));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void thresholdsAndSilenceSayTheSameTwice(long seed) {
    List<Signal> once = run(new Random(seed));

    assertThat(once)
        .extracting(Signal::rule)
        .contains(ERRORS.name(), "queue", "silent")
        .hasSizeGreaterThan(20);
    isTheSameTwice(s -> run(new Random(s)), seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void budgetsThatBurnSayTheSameTwice(long seed) {
    Function<Long, List<Signal>> run = s -> burning(new Random(s));

    assertThat(run.apply(seed))
        .hasSizeGreaterThan(4)
        .extracting(signal -> signal.evidence().labels().get("tier"))
        .contains("1h", "6h");
    isTheSameTwice(run, seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void deploymentsSayTheSameTwice(long seed) {
    Function<Long, List<Signal>> run = s -> deployed(new Random(s));

    assertThat(run.apply(seed))
        .hasSizeGreaterThan(3)
        .extracting(Signal::status)
        .contains(SignalStatus.FIRING, SignalStatus.CLEARED);
    isTheSameTwice(run, seed);
  }

  private static void isTheSameTwice(Function<Long, List<Signal>> run, long seed) {
    byte[] once = JSON.writeValueAsBytes(run.apply(seed));

    assertThat(JSON.writeValueAsBytes(run.apply(seed))).isEqualTo(once);
    assertThat(JSON.writeValueAsBytes(run.apply(seed + 100))).isNotEqualTo(once);
  }

  /** Twelve hours of requests, of which now and then many fail, and some samples come late. */
  private static List<Signal> burning(Random random) {
    var slo =
        new Slo(
            "answers",
            "Answers",
            "checkout",
            "prod",
            0.99,
            Duration.ofDays(30),
            new Slo.Events(null, "sum(bad)", "sum(requests)", Duration.ofMinutes(1)),
            Duration.ZERO,
            0);
    Catalog.Rule rule =
        special(SignalKind.BURN_RATE, new Catalog.Rule.BurnRate(List.of("*"), Severity.SEV4), null);
    var store = new HandMadeStore();
    var engine = engineOn(store);
    var tracker = new SloTracker(new SloMeter(slo));
    var detector = new Detector(new RuleBook(List.of(rule), List.of(slo)));
    var detected = new ArrayList<Detected>();
    double all = 0;
    double failed = 0;
    boolean bad = false;
    for (long second = START; second < START + 12 * 3_600; second += 30) {
      bad ^= random.nextInt(60) == 0;
      all += 300;
      failed += bad ? 100 + random.nextInt(100) : 0;
      long late = random.nextInt(4) == 0 ? 20 : 0;
      store.add("requests{service=\"checkout\"}", second - late, all);
      store.add("bad{service=\"checkout\"}", second - late, failed);
      tracker.refresh(engine, (second - late) * 1000, second * 1000);
      detected.addAll(
          detector.onFindings(
              rule, BurnRateRules.findings(rule, tracker.read(second * 1000), "the counts")));
    }
    return detected.stream().map(Detected::signal).toList();
  }

  /** A service that is deployed every half hour, and is slower to be asked after some of it. */
  private static List<Signal> deployed(Random random) {
    var options =
        new Catalog.Rule.Deployment(
            Duration.ofMinutes(20), Duration.ZERO, Duration.ofMinutes(2), Duration.ofMinutes(15));
    Catalog.Rule rule = special(SignalKind.CHANGE, null, options);
    var store = new HandMadeStore();
    var registry = new ServiceRegistry();
    registry.watch("requests"::equals, _ -> false);
    var judge = new Judge(new GoldenSignals(engineOn(store), new GoldenSources(List.of(TRAFFIC))));
    var deployments = new Deployments(registry);
    var detector = new Detector(new RuleBook(List.of(rule)));
    var detected = new ArrayList<Detected>();
    Series series = store.series("requests{service=\"checkout\",env=\"prod\"}");
    double sum = 0;
    double rate = 10;
    for (long second = START; second < START + 5 * 1_800; second += 5) {
      long into = (second - START) % 1_800;
      rate = into == 0 ? 10 : into == 1_200 && random.nextInt(4) > 0 ? 1 : rate;
      sum += 5 * rate + random.nextInt(5);
      long millis = second * 1000;
      store.add(series, millis, sum);
      registry.heard(
          new AcceptedBatch(new Series[] {series}, new long[] {millis}, new double[] {sum}, 1),
          millis);
      if (second % 60 == 0) {
        for (long at = START + 1_200; at <= second; at += 1_800) {
          deployments
              .finding(judge, rule, deployment(at), null, millis)
              .ifPresent(f -> detected.addAll(detector.onFindings(rule, List.of(f))));
        }
      }
    }
    return detected.stream().map(Detected::signal).toList();
  }

  private static ChangeEvent deployment(long second) {
    return new ChangeEvent(
        "d" + second,
        "ci",
        "dev.cdevents.service.deployed.0.2.0",
        "checkout",
        "prod",
        Instant.ofEpochSecond(second),
        "checkout deployed",
        Map.of());
  }

  private static QueryEngine engineOn(HandMadeStore store) {
    return new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
  }

  private static Catalog.Rule special(
      SignalKind kind,
      Catalog.Rule.@Nullable BurnRate burnRate,
      Catalog.Rule.@Nullable Deployment deployment) {
    return new Catalog.Rule(
        "special",
        kind,
        null,
        null,
        null,
        null,
        Duration.ZERO,
        Duration.ofSeconds(30),
        Duration.ZERO,
        Severity.SEV2,
        List.of("*"),
        List.of("*"),
        0,
        null,
        null,
        null,
        burnRate,
        deployment);
  }

  private static List<Signal> run(Random random) {
    var rules =
        new RuleBook(
            List.of(
                ERRORS,
                rule("queue", SignalKind.THRESHOLD, null, "queue_depth > 100", 0, 5, 0),
                rule("silent", SignalKind.NO_DATA, null, null, 0, 5, 0)));
    var detector = new Detector(rules);
    var registry = new ServiceRegistry();
    var detected = new ArrayList<Detected>();
    boolean bad = false;
    boolean silent = false;
    for (long second = 100; second < 3_000; second++) {
      bad ^= random.nextInt(60) == 0;
      silent ^= random.nextInt(90) == 0;
      if (!silent) {
        // Some come late.
        long at = second - random.nextInt(4);
        detected.addAll(detector.onSignals(snapshot(at, bad ? 0.4 : 0.01, random.nextInt(20))));
        registry.recall(
            List.of(new Freshness.LastSample("checkout", "prod", Instant.ofEpochSecond(at))),
            second * 1000);
      }
      var queues = new ArrayList<Value.Sample>();
      for (int i = 0; i < 3; i++) {
        if ((random.nextInt(20) > 0) == bad) {
          queues.add(new Value.Sample(Labels.of("queue", "q" + i), 101 + random.nextInt(100)));
        }
      }
      detected.addAll(detector.onVector(rules.onExpressions().get("queue"), second * 1000, queues));
      detected.addAll(detector.onSilence(registry.all(), 0, second * 1000));
    }
    return detected.stream().map(Detected::signal).toList();
  }
}
