package dev.watchtower.ingest.detection.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Finding;
import dev.watchtower.ingest.detection.Observation;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.GoldenSources;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Series;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentsTest {
  private static final long START = 1_800_000;
  private static final long DEPLOYED = START + 2_400;
  private static final Catalog.Rule.Deployment TWO_MINUTES =
      new Catalog.Rule.Deployment(
          Duration.ofMinutes(30), Duration.ZERO, Duration.ofMinutes(2), Duration.ofMinutes(30));

  private final HandMadeStore store = new HandMadeStore();
  private final ServiceRegistry registry = new ServiceRegistry();

  private final Judge judge =
      new Judge(
          new GoldenSignals(
              new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime),
              new GoldenSources(
                  List.of(
                      new Catalog.GoldenSignal(
                          "traffic",
                          List.of(
                              new Catalog.GoldenSignal.Source(
                                  "own",
                                  "sum(rate(requests{service=\"$service\"}[$window]))")))))));
  private final ChangeEvent event =
      new ChangeEvent(
          "d",
          "ci",
          "dev.cdevents.service.deployed.0.2.0",
          "pay",
          "prod",
          Instant.ofEpochSecond(DEPLOYED),
          "pay deployed",
          Map.of());

  private void sends(int every) {
    registry.watch("requests"::equals, _ -> false);
    Series series = store.series("requests{service=\"pay\",env=\"prod\"}");
    double sum = 0;
    for (long s = START; s <= DEPLOYED + 600; s += every) {
      sum += every * (s > DEPLOYED ? 1.0 : 10.0);
      store.add(series, s * 1000, sum);
      registry.heard(
          new AcceptedBatch(new Series[] {series}, new long[] {s * 1000}, new double[] {sum}, 1),
          s * 1000);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 15, 30, 60})
  void judgesAlsoAServiceThatSendsSeldom(int every) {
    sends(every);
    long window = registry.find(new ServiceKey("pay", "prod")).orElseThrow().windowMillis();
    assertThat(window).isGreaterThanOrEqualTo(Math.max(10_000, every * 2_900L));

    DeploymentVerdict verdict =
        new Deployments(registry).verdict(judge, event, TWO_MINUTES, (DEPLOYED + 600) * 1000);

    assertThat(verdict.verdict()).isEqualTo(Verdict.WORSE);
    assertThat(verdict.complete()).isTrue();
    assertThat(verdict.signals())
        .filteredOn(s -> s.signal().equals("traffic"))
        .singleElement()
        .satisfies(s -> assertThat(s.after().median()).isBetween(0.9, 1.1));
    assertThat(Duration.between(verdict.after().from(), verdict.after().to()))
        .isBetween(TWO_MINUTES.window(), Duration.ofMinutes(4));
  }

  @Test
  void isOfTheEnvironmentThatItsServiceSendsIn() {
    sends(5);
    var deployments = new Deployments(registry);

    for (String env : List.of("prod", "production", "Production", "live")) {
      assertThat(deployments.keyOf(deployedIn(env))).contains(new ServiceKey("pay", "prod"));
    }
    // A preview is another environment, though nothing sends there.
    for (String env : List.of("preview", "staging")) {
      assertThat(deployments.keyOf(deployedIn(env))).contains(new ServiceKey("pay", env));
    }
    registry.heard(
        new AcceptedBatch(
            new Series[] {store.series("requests{service=\"other\",env=\"production\"}")},
            new long[] {(DEPLOYED + 600) * 1000},
            new double[] {1},
            1),
        (DEPLOYED + 600) * 1000);
    assertThat(deployments.keyOf(deployedIn("production")))
        .contains(new ServiceKey("pay", "production"));
  }

  private static ChangeEvent deployedIn(String env) {
    return new ChangeEvent(
        "d",
        "/ci",
        "com.github.deployment_status.success",
        "pay",
        env,
        Instant.EPOCH,
        "",
        Map.of());
  }

  private Optional<Observation> seen(Catalog.Rule rule, long second) {
    return new Deployments(registry)
        .finding(judge, rule, event, null, (DEPLOYED + second) * 1000)
        .map(Finding::observation);
  }

  private static Catalog.Rule watching(int minutes) {
    return new Catalog.Rule(
        "worse",
        SignalKind.CHANGE,
        null,
        null,
        null,
        null,
        Duration.ZERO,
        Duration.ZERO,
        Duration.ZERO,
        Severity.SEV3,
        List.of("*"),
        List.of("*"),
        0,
        null,
        null,
        null,
        null,
        new Catalog.Rule.Deployment(
            Duration.ofMinutes(30),
            Duration.ZERO,
            Duration.ofMinutes(2),
            Duration.ofMinutes(minutes)));
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 120})
  void watchesAServiceThatSendsSeldomUntilItCouldBeJudged(int every) {
    sends(every);
    Catalog.Rule rule = watching(4);
    // The window of its rates and five points ten seconds apart.
    int after = every == 5 ? 120 : 350;

    assertThat(seen(rule, after - 1)).isEmpty();
    assertThat(seen(rule, after)).contains(Observation.BREACH);
    assertThat(seen(rule, every == 5 ? 240 : after + 120)).contains(Observation.BREACH);
    assertThat(seen(rule, every == 5 ? 241 : after + 121)).contains(Observation.FINE);
  }

  @Test
  void watchesAServiceThatSendsOftenForAsLongAsItsRuleSays() {
    sends(5);
    Catalog.Rule rule = watching(3);

    assertThat(seen(rule, 120)).contains(Observation.BREACH);
    assertThat(seen(rule, 180)).contains(Observation.BREACH);
    assertThat(seen(rule, 181)).contains(Observation.FINE);
  }

  @Test
  void isNotJudgedAgainAfterItIsOverByTheClock() {
    Catalog.Rule.Deployment options = watching(30).deployment();
    registry.recall(
        List.of(new Freshness.LastSample("pay", "prod", Instant.ofEpochSecond(DEPLOYED + 600))),
        (DEPLOYED + 3_600) * 1000);
    long over = DEPLOYED + 30 * 60 + 60;

    assertThat(isOver(options, over)).isFalse();
    assertThat(isOver(options, over + 1)).isTrue();
    // Its next sample tells what is no longer watched.
    registry.heard(
        new AcceptedBatch(
            new Series[] {store.series("requests{service=\"pay\",env=\"prod\"}")},
            new long[] {(over + 10) * 1000},
            new double[] {1},
            1),
        (over + 10) * 1000);
    assertThat(isOver(options, over + 1_000)).isFalse();
  }

  private boolean isOver(Catalog.Rule.Deployment options, long second) {
    return new Deployments(registry)
        .isOverByTheClock(event, new ServiceKey("pay", "prod"), options, second * 1000);
  }
}
