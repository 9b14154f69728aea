package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static dev.watchtower.ingest.detection.HandMadeRules.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.GoldenSources;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Series;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SignalRulesTest {
  private final HandMadeStore store = new HandMadeStore();
  private final QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
  private final GoldenSignals golden =
      new GoldenSignals(
          engine,
          new GoldenSources(
              List.of(
                  new Catalog.GoldenSignal(
                      "error_rate",
                      List.of(
                          new Catalog.GoldenSignal.Source(
                              "any", "max(errors{service=\"$service\",env=\"$env\"})"))))));
  private final ServiceRegistry registry = new ServiceRegistry();
  private final SignalRules looks =
      new SignalRules(engine, new Detector(errors(List.of("*"))), System::nanoTime);

  private static RuleBook errors(List<String> services) {
    Catalog.Rule all = rule("errors", SignalKind.THRESHOLD, "error_rate", null, 3, 0, 0);
    return new RuleBook(services.contains("*") ? List.of(all) : List.of());
  }

  @BeforeEach
  void watch() {
    registry.watch("errors"::equals, _ -> false);
  }

  private ObservedService shop() {
    return registry.find(new ServiceKey("shop", "prod")).orElseThrow();
  }

  /** One request with a sample each second, in breach in {@code [from, to)}. */
  private void request(long first, long last, long from, long to, long now) {
    Series series = store.series("errors{service=\"shop\",env=\"prod\"}");
    int size = (int) (last - first + 1);
    Series[] all = new Series[size];
    Arrays.fill(all, series);
    long[] at = new long[size];
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      at[i] = (first + i) * 1000;
      values[i] = first + i >= from && first + i < to ? 0.5 : 0;
      store.add(series, at[i], values[i]);
    }
    registry.heard(new AcceptedBatch(all, at, values, size), now * 1000);
  }

  private List<String> look(SignalRules rules, long now) {
    ObservedService shop = shop();
    return told(rules.look(golden, shop, golden.at(shop, shop.eventMillis()), now * 1000));
  }

  @Test
  void tellsABreachThatIsOverWhenItsSamplesComeAllAtOnce() {
    request(1000, 1059, 1005, 1045, 1060);

    assertThat(look(looks, 1060)).as("waits for others").isEmpty();
    assertThat(shop().backfill().isDue(1_064_999)).isFalse();
    assertThat(shop().backfill().isDue(1_065_000)).isTrue();
    assertThat(look(looks, 1065)).containsExactly("FIRING 1005", "CLEARED 1045");
    assertThat(shop().backfill().isDue(1_070_000)).isFalse();
    assertThat(look(looks, 1066)).isEmpty();
    assertThat(looks.leftOut()).isZero();
  }

  @Test
  void whatCameLateDoesNotWaitForAClockThatWasPutBack() {
    request(1000, 1059, 1005, 1045, 4660);
    assertThat(look(looks, 4660)).as("waits for others").isEmpty();
    registry.clockPutBack(1_060_000);

    assertThat(shop().backfill().isDue(1_064_999)).isFalse();
    assertThat(shop().backfill().isDue(1_065_000)).isTrue();
    assertThat(look(looks, 1065)).containsExactly("FIRING 1005", "CLEARED 1045");
  }

  @Test
  void goesBackToNothingThatWasDecided() {
    request(1030, 1030, 0, 0, 1030);
    assertThat(look(looks, 1030)).isEmpty();
    request(1000, 1029, 1005, 1020, 1031);
    request(1031, 1031, 0, 0, 1031);

    assertThat(look(looks, 1037)).isEmpty();
    assertThat(looks.leftOut()).isEqualTo(1);
  }

  @Test
  void leavesItWhereNoRuleLooks() {
    SignalRules none = new SignalRules(engine, new Detector(errors(List.of())), System::nanoTime);
    request(1000, 1900, 1005, 1045, 1900);

    assertThat(look(none, 1905)).isEmpty();
    assertThat(none.leftOut()).isZero();
  }

  @Test
  void decidesTheNewestWhereWhatCameLateIsTooMuch() {
    QueryEngine small =
        new QueryEngine(store, new QueryLimits(Duration.ofSeconds(1), 1, 11_000), System::nanoTime);
    SignalRules rules =
        new SignalRules(small, new Detector(errors(List.of("*"))), System::nanoTime);
    request(1000, 1059, 1005, 1060, 1060);

    assertThat(look(rules, 1065)).as("pending since 1059").isEmpty();
    assertThat(rules.leftOut()).isEqualTo(1);
    request(1062, 1062, 1060, 1070, 1065);
    assertThat(look(rules, 1065)).containsExactly("FIRING 1059");
  }
}
