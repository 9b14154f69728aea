package dev.watchtower.ingest.detection.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.catalog.Slo;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.ingest.detection.change.DeploymentVerdict;
import dev.watchtower.ingest.detection.change.Deployments;
import dev.watchtower.ingest.detection.change.Judge;
import dev.watchtower.ingest.detection.change.Verdict;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.GoldenSources;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An hour of a service, sampled every 5 s, which gets worse at 1800 s and recovers at 2400 s. */
class PastTest {
  private static final long START = 1_800_000;
  private static final Catalog CATALOG = catalog("");

  private final HandMadeStore store = new HandMadeStore();
  private final QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
  private final GoldenSignals golden =
      new GoldenSignals(engine, new GoldenSources(CATALOG.goldenSignals()));
  private final ServiceRegistry registry = new ServiceRegistry();
  private final Deployments known = new Deployments(registry);

  PastTest() {
    double bad = 0;
    for (long s = 0; s <= 3_600; s += 5) {
      boolean worse = s > 1_800 && s <= 2_400;
      bad += worse ? 25 : 0;
      add("requests", s, 50.0 * s / 5);
      add("bad", s, bad);
      add("errors", s, worse ? 0.5 : 0.001);
      add("latency", s, worse ? 0.4 : 0.1 + 0.005 * (s / 5 % 3));
      // Nothing of it for five minutes, in which its scraper goes on.
      boolean dead = s >= 3_000 && s <= 3_300;
      if (!dead) {
        store.add("orders{service=\"rare\",env=\"prod\"}", START + s, 1);
      }
      store.add("up{service=\"rare\",env=\"prod\"}", START + s, dead ? 0 : 1);
    }
    registry.watch(golden.sources(), _ -> false);
    for (long s = 3_540; s <= 3_600; s += 3) {
      heard("pay", s);
      heard("rare", s);
    }
  }

  /** So that its window is 10 s. */
  private void heard(String service, long second) {
    Series errors =
        new Series(
            service.length(), Labels.of("__name__", "errors", "service", service, "env", "prod"));
    long at = (START + second) * 1000;
    registry.heard(
        new AcceptedBatch(new Series[] {errors}, new long[] {at}, new double[] {1}, 1), at);
  }

  private static Catalog catalog(String options) {
    return new CatalogParser(Map.<String, String>of()::get)
        .parse(
            "c",
            """
            version: 1
            services: [{name: pay, environments: [prod]}, {name: rare, environments: [prod]}, {name: gone, environments: [prod]}]
            golden-signals:
              traffic:
                - {convention: x, expression: 'sum(rate(requests{service="$service"}[$window]))'}
              error_rate:
                - {convention: x, expression: 'errors{service="$service"}'}
              latency_p95:
                - {convention: x, expression: 'latency{service="$service"}'}
            slos:
              - name: answers
                service: pay
                env: prod
                objective: 99
                warm-up: 5m
                events: {%sbad: bad, total: requests}
            """
                .formatted(options)
                .getBytes(StandardCharsets.UTF_8));
  }

  private void add(String name, long second, double value) {
    store.add(name + "{service=\"pay\",env=\"prod\"}", START + second, value);
  }

  private static ChangeEvent deployed(String id, long second) {
    return new ChangeEvent(
        id,
        "ci",
        "dev.cdevents.service.deployed.0.2.0",
        "pay",
        null,
        Instant.ofEpochSecond(START + second),
        "pay deployed",
        Map.of());
  }

  private List<String> told(String rule, long from, long to, ChangeEvent... deployments) {
    return told(CATALOG, rule, from, to, 5_000, deployments);
  }

  private List<String> told(
      Catalog catalog, String rule, long from, long to, long step, ChangeEvent... deployments) {
    Catalog.Rule parsed = CatalogParser.rule("{name: r, severity: SEV2, " + rule + "}", catalog);
    Backtest backtest =
        new Backtest(
            engine,
            golden,
            new PastServices(store, registry.all(), golden.sources()),
            catalog.slos(),
            known,
            List.of(deployments),
            new Silence(store),
            System::nanoTime);
    Firings first = backtest.run(parsed, (START + from) * 1000, (START + to) * 1000, step);
    Firings second = backtest.run(parsed, (START + from) * 1000, (START + to) * 1000, step);
    assertThat(second.all().toString()).as("the same twice").isEqualTo(first.all().toString());
    return first.all().stream()
        .map(f ->
            "%s %d-%s %s"
                .formatted(
                    f.service(),
                    f.firedAt().getEpochSecond() - START,
                    f.clearedAt() == null ? "" : f.clearedAt().getEpochSecond() - START,
                    f.value() == null ? "nothing" : "%.3g".formatted(f.value())))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"answers", "*"})
  void appliesABurnRateRuleAlsoBesideAnSloThatCannotBeRead(String watched) {
    Catalog.Rule rule =
        CatalogParser.rule(
            "{name: r, severity: SEV2, kind: burn-rate, slos: ['%s']}".formatted(watched), CATALOG);
    Slo good = CATALOG.slos().getFirst();
    Slo broken =
        new Slo(
            "broken",
            "Broken",
            "pay",
            "prod",
            0.99,
            Duration.ofDays(30),
            new Slo.Events(null, "sum(bad", "sum(requests)", Duration.ofMinutes(1)),
            null,
            0);

    assertThat(burn(rule, broken, good).all().toString())
        .isEqualTo(burn(rule, good).all().toString())
        .contains("pay");
    if (!watched.equals("*")) {
      return;
    }
    assertThatThrownBy(() -> burn(rule, broken))
        .isInstanceOf(QueryException.class)
        .hasMessageStartingWith("slos.broken: ");
  }

  private Firings burn(Catalog.Rule rule, Slo... slos) {
    return new Backtest(
            engine,
            golden,
            new PastServices(store, registry.all(), golden.sources()),
            List.of(slos),
            known,
            List.of(),
            new Silence(store),
            System::nanoTime)
        .run(rule, START * 1000, (START + 3_600) * 1000, 5_000);
  }

  @Test
  void appliesAThresholdToAGoldenSignal() {
    assertThat(
            told(
                "kind: threshold, signal: error_rate, above: 0.05, for: 30s, keep-firing-for: 10s",
                0,
                3_600))
        .containsExactly("pay 1835-2415 0.500");
    assertThat(told("kind: threshold, signal: error_rate, above: 0.05", 0, 2_000))
        .containsExactly("pay 1805- 0.500");
    assertThat(told("kind: threshold, signal: error_rate, above: 0.05, min-traffic: 50", 0, 3_600))
        .isEmpty();
  }

  @Test
  void appliesAThresholdToTheTraffic() {
    assertThat(told("kind: threshold, signal: traffic, above: 9, for: 30s", 600, 1_200))
        .containsExactly("pay 630- 10.0");
    assertThat(told("kind: threshold, signal: traffic, above: 11", 600, 1_200)).isEmpty();
  }

  @Test
  void clearsWhatFiresOnAServiceThatFallsSilent() {
    for (long s = 1_000; s <= 2_000; s += 5) {
      store.add("errors{service=\"rare\",env=\"prod\"}", START + s, s < 1_500 ? 0.001 : 0.5);
    }

    assertThat(
            told(
                "kind: threshold, signal: error_rate, above: 0.05, services: [rare],"
                    + " keep-firing-for: 10s",
                0,
                3_600))
        .as("a gauge counts for one window, as it does live")
        .containsExactly("rare 1500-2020 0.500");
  }

  @Test
  void aBreachLastsAlsoFromOneLongStepToTheNext() {
    assertThat(
            told(
                CATALOG,
                "kind: threshold, expression: latency > 0.01, for: 15m",
                0,
                3_600,
                600_000))
        .containsExactly("pay 1200- 0.100");
    assertThat(
            told(
                CATALOG,
                "kind: threshold, signal: error_rate, above: 0.0001, for: 15m",
                0,
                3_600,
                600_000))
        .containsExactly("pay 1200- 0.00100");
    for (long s = 0; s <= 3_600; s += 5) {
      add("bad", s, 50.0 * s / 5);
    }
    assertThat(
            told(
                catalog("resolution: 10m, "),
                "kind: burn-rate, for: 15m, ticket-severity: SEV4",
                0,
                3_600,
                5_000))
        .as("the buckets of the SLO are its steps")
        .isNotEmpty();
  }

  @Test
  void appliesAnExpressionAndItsHysteresis() {
    assertThat(told("kind: threshold, expression: latency > 0.3", 0, 3_600))
        .containsExactly("pay 1805-2405 0.400");
    assertThat(told("kind: threshold, expression: latency > 0.107, clear-below: 0.1", 0, 60))
        .as("0.100, 0.105, 0.110, and so on")
        .containsExactly("pay 10- 0.110");
  }

  @Test
  void appliesSilence() {
    assertThat(told("kind: no-data, after: 1m, services: ['*'], keep-firing-for: 5s", 0, 3_600))
        .containsExactly("rare 3060-3315 60.0");
  }

  @Test
  void looksAtServicesThatAreNoLongerKnown() {
    for (long s = 600; s <= 1_800; s += 15) {
      store.add("requests{service=\"gone\",env=\"prod\"}", START + s, 300.0 * s / 15);
    }

    assertThat(told("kind: threshold, signal: traffic, above: 15", 0, 3_600))
        .as("as one that sends each 15 s, and not after its end")
        .singleElement()
        .asString()
        .matches("gone 6\\d\\d-18\\d\\d 20.0");
    assertThat(told("kind: no-data, after: 1m, services: [gone]", 0, 3_600))
        .containsExactly("gone 1865- 60.0");
  }

  @Test
  void appliesABurnRate() {
    // Half of the requests fail for ten minutes: that is never 14.4 % of the hour, but 6 % of all
    // 2,100 s (and of the last half hour) from the fifth minute on.
    assertThat(told("kind: burn-rate, keep-firing-for: 1m", 0, 3_600))
        .containsExactly("pay 2100- 7.14");
  }

  @Test
  void appliesTheSameAnomalyDetectionAsLive() {
    assertThat(told("kind: anomaly, cool-down: 1m, keep-firing-for: 10s", 0, 3_600))
        .singleElement()
        .asString()
        .startsWith("pay 1805-24");
    assertThat(told("kind: anomaly, signal: latency_p95", 1_700, 2_000))
        .as("what was stored before is learnt first")
        .singleElement()
        .asString()
        .startsWith("pay 1805-");
    assertThat(told("kind: anomaly, signal: latency_p95", 0, 1_800)).as("all calm").isEmpty();
  }

  @Test
  void judgesADeployment() {
    assertThat(
            told(
                "kind: change, baseline: 20m, settle: 0s, window: 2m, keep-firing-for: 30s",
                0,
                3_600,
                deployed("a", 1_800)))
        .singleElement()
        .asString()
        .startsWith("pay 1920-");
    assertThat(
            told(
                "kind: change, baseline: 20m, settle: 0s, window: 2m, watch: 5m,"
                    + " keep-firing-for: 2m",
                0,
                3_600,
                deployed("a", 1_800)))
        .as("fine since the first step after its watch, and for two minutes")
        .singleElement()
        .asString()
        .startsWith("pay 1920-2250");
    assertThat(told("kind: change, window: 2m", 0, 3_600, deployed("b", 1_000))).hasSizeLessThan(2);
  }

  @Test
  void givesTheVerdictWithTheNumbers() {
    Judge judge = new Judge(golden);
    long end = (START + 3_600) * 1000;
    Catalog.Rule.Deployment options =
        new Catalog.Rule.Deployment(
            Duration.ofMinutes(10), Duration.ZERO, Duration.ofMinutes(5), Duration.ofMinutes(30));

    DeploymentVerdict worse = known.verdict(judge, deployed("a", 1_800), options, end);
    assertThat(worse.verdict()).isEqualTo(Verdict.WORSE);
    assertThat(worse.complete()).isTrue();
    assertThat(worse.env()).isEqualTo("prod");
    assertThat(worse.why()).startsWith("error_rate: median 0.001000 before, 0.5000 after");
    assertThat(worse.signals().get(1).after().median()).isCloseTo(0.4, within(1e-9));
    assertThat(worse.signals().get(1).change()).isBetween(2.5, 3.0);
    assertThat(worse.before().to()).isEqualTo(Instant.ofEpochSecond(START + 1_800));

    assertThat(known.verdict(judge, deployed("b", 2_400), options, end).verdict())
        .isEqualTo(Verdict.BETTER);
    assertThat(known.verdict(judge, deployed("c", 1_000), options, end).verdict())
        .isEqualTo(Verdict.SAME);
    assertThat(known.verdict(judge, deployed("d", 1_000), options, end))
        .isEqualTo(known.verdict(judge, deployed("d", 1_000), options, end));
    DeploymentVerdict early = known.verdict(judge, deployed("e", 3_600), options, end);
    assertThat(early.verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(early.complete()).isFalse();
    assertThat(early.why()).startsWith("Too early");
  }

  @Test
  void refusesWhatItCannotRead() {
    assertThatThrownBy(() -> told("kind: threshold, expression: 'sum('", 0, 60))
        .isInstanceOf(QueryException.class)
        .hasMessageStartingWith("1:5: parse error");
  }
}
