package dev.watchtower.ingest.golden;

import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.ServiceIdentity;
import java.util.List;
import java.util.Map;

/** What senders sent, and what the example catalog's golden signals make of it. */
final class SentMetrics {
  private static final long START = 1_700_000_000;
  private static final ServiceIdentity IDENTITY =
      new ServiceIdentity(
          List.of("service", "service_name", "app", "job"),
          List.of("env", "environment", "deployment_environment", "namespace"));

  private final HandMadeStore store = new HandMadeStore();
  private final GoldenSources sources =
      new GoldenSources(GoldenSignalsTest.exampleCatalog().goldenSignals());
  private final GoldenSignals golden =
      new GoldenSignals(new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime), sources);
  private final ServiceRegistry registry = new ServiceRegistry();

  SentMetrics() {
    registry.watch(sources, _ -> false);
  }

  /** For two minutes a counter that rises by so much a second, or a gauge for a rise of zero. */
  void send(String scraped, int everySeconds, double first, double risePerSecond) {
    for (int s = 0; s <= 120; s += everySeconds) {
      sendOne(scraped, s, first + risePerSecond * s);
    }
  }

  /** One sample, with the labels that its sender gives it. */
  void sendOne(String scraped, int second, double value) {
    Series series = store.series(IDENTITY.identify(store.series(scraped).labels()).toString());
    long millis = (START + second) * 1000;
    store.add(series, millis, value);
    registry.heard(
        new AcceptedBatch(new Series[] {series}, new long[] {millis}, new double[] {value}, 1),
        millis);
  }

  ObservedService service(String service, String env) {
    return registry.find(new ServiceKey(service, env)).orElseThrow();
  }

  List<String> services() {
    return registry.all().stream().map(s -> s.key().service()).toList();
  }

  Map<String, Double> signals(String service, String env, int second) {
    return golden.at(service(service, env), (START + second) * 1000).values();
  }
}
