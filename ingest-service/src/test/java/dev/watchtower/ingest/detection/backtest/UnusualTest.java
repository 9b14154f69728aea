package dev.watchtower.ingest.detection.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.GoldenSources;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnusualTest {
  private static final long START = 1_800_000;
  private static final List<String> SLOWER = List.of("cart", "pay", "ship", "stock");

  private final HandMadeStore store = new HandMadeStore();

  /** An hour of four services that fail as ever; all answer slower for five minutes. */
  UnusualTest() {
    for (String service : SLOWER) {
      Random noise = new Random(service.hashCode());
      for (long s = 0; s <= 3_600; s += 5) {
        boolean slow = s > 3_000 && s <= 3_300;
        add(service, "latency", s, 0.1 + 0.005 * noise.nextGaussian() + (slow ? 0.3 : 0));
        add(service, "errors", s, 0.01 + 0.0005 * noise.nextGaussian());
      }
    }
  }

  private void add(String service, String name, long second, double value) {
    store.add(name + "{service=\"" + service + "\",env=\"prod\"}", START + second, value);
  }

  private List<String> told(List<String> services) {
    Catalog catalog =
        new CatalogParser(Map.<String, String>of()::get)
            .parse(
                "c",
                """
                version: 1
                golden-signals:
                  error_rate: [{convention: x, expression: 'errors{service="$service"}'}]
                  latency_p95: [{convention: x, expression: 'latency{service="$service"}'}]
                """
                    .getBytes(StandardCharsets.UTF_8));
    Catalog.Rule rule =
        CatalogParser.rule("{name: r, severity: SEV3, kind: anomaly, services: ['*']}", catalog);
    QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
    Map<ServiceKey, Long> windows = new LinkedHashMap<>();
    services.forEach(s -> windows.put(new ServiceKey(s, "prod"), 10_000L));
    Firings firings = new Firings();
    new Unusual(new GoldenSignals(engine, new GoldenSources(catalog.goldenSignals())))
        .run(
            rule,
            new Detector(new RuleBook(List.of(rule))),
            firings,
            windows,
            (START + 2_400) * 1000,
            (START + 3_600) * 1000,
            5_000,
            () -> {});
    return firings.all().stream()
        .map(f -> f.service() + " " + (f.firedAt().getEpochSecond() - START))
        .sorted()
        .toList();
  }

  @Test
  void servicesThatWereUnusualAtOnceCountForEachOther() {
    assertThat(told(SLOWER)).hasSize(4).allMatch(t -> t.matches("\\w+ 30(05|10)"));
    assertThat(told(SLOWER.subList(0, 3))).as("two others may be chance").isEmpty();
  }
}
