package dev.watchtower.analysis.ranking;

import static dev.watchtower.analysis.ranking.SeriesMaker.WINDOW;
import static dev.watchtower.analysis.ranking.SeriesMaker.calm;
import static dev.watchtower.analysis.ranking.SeriesMaker.second;
import static dev.watchtower.analysis.ranking.SeriesMaker.step;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankerTest {
  private static final CallGraph SHOP =
      new CallGraph(
          List.of(
              new CallGraph.Edge("storefront", "checkout"),
              new CallGraph.Edge("checkout", "inventory")));

  private final DeviationDetector detector = new DeviationDetector();
  private final Ranker ranker = new Ranker(Duration.ofSeconds(10));

  private List<Suspect> rank(CallGraph graph, Series... series) {
    return ranker.rank(deviations(series), graph);
  }

  private List<Deviation> deviations(Series... series) {
    var all = new ArrayList<Deviation>();
    Arrays.stream(series).forEach(s -> detector.detect(s, WINDOW).ifPresent(all::add));
    return all;
  }

  private static List<String> names(List<Suspect> suspects) {
    return suspects.stream().map(Suspect::service).toList();
  }

  @Test
  void namesTheCalleeWhenItsCallersFailBecauseOfIt() {
    var suspects =
        rank(
            SHOP,
            step("storefront", "error_rate", 0, 0, 100, 0.8),
            step("checkout", "error_rate", 0, 0, 100, 0.95),
            step("inventory", "error_rate", 0, 0, 100, 0.95),
            step("checkout", "latency_p95", 0.05, 0.004, 100, 0.3));

    assertThat(names(suspects)).containsExactly("inventory", "checkout", "storefront");
    assertThat(suspects.get(1).explainedBy()).containsExactly("inventory");
  }

  @Test
  void namesTheServiceThatTheWayToIsSlow() {
    var suspects =
        rank(
            SHOP,
            step("storefront", "latency_p95", 0.06, 0.004, 100, 0.5),
            step("checkout", "latency_p95", 0.05, 0.004, 100, 0.5),
            calm("inventory", "latency_p95", 0.02, 0.002),
            step("inventory", CallTimes.NETWORK, 0.004, 0.001, 100, 0.4));

    assertThat(names(suspects)).startsWith("inventory");
    assertThat(suspects.get(1).explainedBy()).contains("inventory");
  }

  @Test
  void doesNotBlameTheWayWhenTheOnlyCallerIsBusyItself() {
    var suspects =
        rank(
            SHOP,
            step("checkout", "latency_p95", 0.05, 0.004, 100, 0.5),
            step("checkout", "cpu", 0.1, 0.01, 100, 0.98),
            step("inventory", CallTimes.NETWORK, 0.004, 0.001, 100, 0.4));

    assertThat(names(suspects)).startsWith("checkout");
  }

  @Test
  void namesTheCallerWhenItsCalleeIsWell() {
    var suspects =
        rank(
            SHOP,
            step("storefront", "error_rate", 0, 0, 101, 0.5),
            step("checkout", "error_rate", 0, 0, 100, 0.7),
            calm("inventory", "error_rate", 0, 0),
            step("inventory", "traffic", 9, 0.7, 101, 3),
            calm("inventory", "latency_p95", 0.02, 0.002));

    assertThat(names(suspects).getFirst()).isEqualTo("checkout");
    assertThat(names(suspects)).endsWith("inventory");
  }

  @Test
  void doesNotBlameACalleeThatBecameOnlyALittleSlowerThanItWas() {
    var slow =
        rank(
            SHOP,
            step("checkout", "latency_p95", 0.05, 0.004, 100, 1.2),
            step("inventory", "latency_p95", 0.02, 0.0005, 95, 0.09));
    var failing =
        rank(
            SHOP,
            step("checkout", "error_rate", 0, 0, 100, 0.7),
            step("inventory", "latency_p50", 0.02, 0.0005, 95, 0.05));

    assertThat(slow).extracting(Suspect::service).startsWith("checkout");
    assertThat(slow.getFirst().explainedBy()).isEmpty();
    assertThat(failing).extracting(Suspect::service).startsWith("checkout");
    assertThat(failing.getFirst().explainedBy()).isEmpty();
  }

  @Test
  void theTimeThatTheCalleeTakesLongerIsTheCallersHoweverRestlessTheCalleeWas() {
    // After a start: the callee's quiet time holds its own slow first requests, the caller's none.
    var restless =
        SeriesMaker.of(
            "checkout",
            "latency_p99",
            i -> i >= SeriesMaker.QUIET + 100 ? 1.8 : i % 60 < 5 ? 0.12 : 0.05);

    var suspects = rank(SHOP, step("storefront", "latency_p99", 0.2, 0.004, 100, 1.73), restless);

    assertThat(names(suspects)).containsExactly("checkout", "storefront");
    assertThat(suspects.get(1).explainedBy()).containsExactly("checkout");
  }

  @Test
  void blamesACalleeThatKeepsItsCallersWaitingUntilTheyFail() {
    var suspects =
        rank(
            SHOP,
            step("checkout", "error_rate", 0, 0, 100, 0.7),
            step("inventory", "latency_p95", 0.02, 0.002, 98, 3));

    assertThat(suspects.getFirst().service()).isEqualTo("inventory");
    assertThat(suspects.get(1).explainedBy()).containsExactly("inventory");
  }

  @Test
  void namesTheServiceWithTheBusyProcessorAndNotTheSlowCaller() {
    var suspects =
        rank(
            SHOP,
            step("inventory", "cpu", 0.05, 0.01, 90, 0.99),
            step("inventory", "latency_p95", 0.02, 0.002, 92, 0.09),
            step("checkout", "latency_p95", 0.05, 0.004, 92, 0.13),
            step("storefront", "latency_p95", 0.08, 0.005, 93, 0.17));

    assertThat(names(suspects).getFirst()).isEqualTo("inventory");
    assertThat(suspects.getFirst().main().metric()).isEqualTo("cpu");
  }

  @Test
  void namesTheCallerWhoseOwnProcessorIsBusyAlthoughItsCalleeIsALittleSlower() {
    var suspects =
        rank(
            SHOP,
            step("checkout", "cpu", 0.05, 0.01, 90, 0.99),
            step("checkout", "latency_p95", 0.05, 0.004, 90, 0.9),
            step("inventory", "latency_p95", 0.02, 0.002, 95, 0.04));

    assertThat(names(suspects).getFirst()).isEqualTo("checkout");
  }

  @Test
  void ranksACrashedServiceByItsOwnSignal() {
    var deviations =
        new ArrayList<>(
            deviations(
                step("storefront", "error_rate", 0, 0, 100, 1),
                step("storefront", "latency_p99", 0.08, 0.005, 100, 2),
                step("inventory", "traffic", 9, 0.7, 101, 0)));
    deviations.add(Deviation.gone("checkout", second(104)));

    var suspects = ranker.rank(deviations, SHOP);

    assertThat(names(suspects).getFirst()).isEqualTo("checkout");
    assertThat(suspects.getFirst().main().isGone()).isTrue();
  }

  @Test
  void aCalleeThatBreaksMuchLaterExplainsNothing() {
    var suspects =
        rank(
            SHOP,
            step("checkout", "error_rate", 0, 0, 20, 0.7),
            step("inventory", "error_rate", 0, 0, 90, 0.7));

    assertThat(names(suspects)).containsExactly("checkout", "inventory");
    assertThat(suspects.getFirst().explainedBy()).isEmpty();
  }

  @Test
  void countsADatabaseAsItsService() {
    var suspects =
        rank(
            new CallGraph(List.of()),
            step("orders-db", "cpu", 0.1, 0.01, 60, 0.9),
            step("orders", "latency_p95", 0.05, 0.004, 62, 0.2),
            step("carts", "latency_p95", 0.05, 0.004, 62, 0.1));

    assertThat(names(suspects)).containsExactly("orders", "carts");
    assertThat(suspects.getFirst().main().service()).isEqualTo("orders-db");
  }

  @Test
  void aLoopOfCallsExplainsNobodyAway() {
    var loop = new CallGraph(List.of(new CallGraph.Edge("a", "b"), new CallGraph.Edge("b", "a")));

    var suspects =
        rank(loop, step("a", "error_rate", 0, 0, 80, 0.9), step("b", "error_rate", 0, 0, 90, 0.5));

    assertThat(names(suspects)).containsExactly("a", "b");
    assertThat(suspects).allSatisfy(s -> assertThat(s.explainedBy()).isEmpty());
  }

  @Test
  void hasNoSuspectWhenNothingDeviates() {
    assertThat(rank(SHOP, calm("checkout", "cpu", 0.1, 0.01))).isEmpty();
  }

  @Test
  void blamesTheConnectionThatOnlyTheCallerSees() {
    var suspects =
        rank(
            SHOP,
            step("checkout", "client_latency", 0.02, 0.002, 90, 1.2),
            step("checkout", "latency_p95", 0.05, 0.004, 90, 1.3),
            step("storefront", "client_latency", 0.06, 0.004, 90, 1.3),
            step("storefront", "latency_p95", 0.08, 0.005, 91, 1.4),
            calm("inventory", "latency_p95", 0.02, 0.002));

    assertThat(names(suspects).getFirst()).isEqualTo("inventory");
    assertThat(suspects.getFirst().main().service()).isEqualTo("checkout");
  }

  @Test
  void doesNotBelieveABusyWitness() {
    var suspects =
        rank(
            SHOP,
            step("checkout", "cpu", 0.05, 0.01, 90, 0.99),
            step("checkout", "client_latency", 0.02, 0.002, 90, 0.2),
            step("checkout", "latency_p95", 0.05, 0.004, 90, 0.6),
            step("storefront", "client_latency", 0.06, 0.004, 90, 0.7));

    assertThat(names(suspects).getFirst()).isEqualTo("checkout");
  }

  @Test
  void blamesTheOneThatAllItsCallersComplainAbout() {
    var graph =
        new CallGraph(
            List.of(
                new CallGraph.Edge("web", "cart"),
                new CallGraph.Edge("web", "search"),
                new CallGraph.Edge("order", "cart"),
                new CallGraph.Edge("order", "mail")));

    var suspects =
        rank(
            graph,
            step("web", "client_latency", 0.02, 0.002, 90, 0.9),
            step("order", "client_latency", 0.02, 0.002, 90, 0.9));

    assertThat(names(suspects).getFirst()).isEqualTo("cart");
  }

  @Test
  void aSlightDeviationPartsEquals() {
    var graph =
        new CallGraph(List.of(new CallGraph.Edge("web", "pay"), new CallGraph.Edge("web", "mail")));
    var slight = step("pay", "latency_p95", 0.05, 0.004, 90, 0.062);
    var hint = detector.measure(slight, WINDOW).orElseThrow();

    var suspects =
        ranker.rank(
            deviations(step("web", "client_latency", 0.02, 0.002, 90, 0.9)), List.of(hint), graph);

    assertThat(names(suspects).getFirst()).isEqualTo("pay");
  }
}
