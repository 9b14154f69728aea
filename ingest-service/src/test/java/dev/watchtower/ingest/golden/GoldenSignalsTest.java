package dev.watchtower.ingest.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class GoldenSignalsTest {
  private static final long START = 1_700_000_000;

  private long spacing;
  private final HandMadeStore store =
      new HandMadeStore() {
        @Override
        public long spacing(long millis) {
          return spacing;
        }
      };
  private final GoldenSources sources = new GoldenSources(exampleCatalog().goldenSignals());
  private final GoldenSignals golden =
      new GoldenSignals(new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime), sources);
  private final ServiceRegistry registry = new ServiceRegistry();

  static Catalog exampleCatalog() {
    try {
      return new CatalogParser(_ -> null)
          .parse("watchtower.yaml", Files.readAllBytes(Path.of("../config/watchtower.yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @BeforeEach
  void watch() {
    registry.watch(sources, _ -> false);
  }

  private void send(String metric, String labels, long second, double value) {
    Series series = store.series(metric + "{service=\"checkout\",env=\"prod\"" + labels + "}");
    long millis = (START + second) * 1000;
    store.add(series, millis, value);
    registry.heard(
        new AcceptedBatch(new Series[] {series}, new long[] {millis}, new double[] {value}, 1),
        millis);
  }

  private SignalSnapshot now() {
    ObservedService checkout = registry.find(new ServiceKey("checkout", "prod")).orElseThrow();
    return golden.at(checkout, checkout.eventMillis());
  }

  @Test
  void readsAllExpressionsOfTheExampleCatalog() {
    assertThat(sources.faults()).isEmpty();
    assertThat(sources.bySignal().keySet())
        .containsExactly(
            "traffic", "error_rate", "latency_p50", "latency_p95", "latency_p99", "cpu", "memory");
  }

  @Test
  void leavesOutWhatItCannotRead() {
    GoldenSources faulty =
        new GoldenSources(
            List.of(
                new Catalog.GoldenSignal(
                    "cpu",
                    List.of(
                        new Catalog.GoldenSignal.Source("bad", "max(x{service=\"$service\""),
                        new Catalog.GoldenSignal.Source("good", "max(x{service=\"$service\"})")))));

    assertThat(faulty.faults()).singleElement().asString().contains("golden-signals.cpu (bad): 1:");
    assertThat(faulty.bySignal().get("cpu")).hasSize(1);
  }

  @Nested
  class ForMicrometer {
    @Test
    void computesTrafficErrorsAndLatency() {
      for (int s = 0; s <= 20; s++) {
        send("http_server_requests_milliseconds_count", ",status=\"200\",uri=\"/a\"", s, 8 * s);
        send("http_server_requests_milliseconds_count", ",status=\"500\",uri=\"/a\"", s, 2 * s);
        send("http_server_requests_milliseconds_bucket", ",uri=\"/a\",le=\"100.0\"", s, 5 * s);
        send("http_server_requests_milliseconds_bucket", ",uri=\"/a\",le=\"200.0\"", s, 10 * s);
        send("http_server_requests_milliseconds_bucket", ",uri=\"/a\",le=\"+Inf\"", s, 10 * s);
      }

      SignalSnapshot now = now();

      assertThat(now.at()).isEqualTo((START + 20) * 1000);
      assertThat(now.windowMillis()).isEqualTo(10_000);
      assertThat(now.values().get("traffic")).isCloseTo(10, within(1e-9));
      assertThat(now.values().get("error_rate")).isCloseTo(0.2, within(1e-9));
      assertThat(now.values().get("latency_p50")).isCloseTo(0.1, within(1e-9));
      assertThat(now.values().get("latency_p95")).isCloseTo(0.19, within(1e-9));
      assertThat(now.values()).containsEntry("cpu", null).containsEntry("memory", null);
      assertThat(now.queries().get("traffic")).contains("service=\"checkout\"").contains("[10s]");
    }

    @Test
    void hasNoErrorRateBeforeTheFirstError() {
      for (int s = 0; s <= 20; s++) {
        send("http_server_requests_milliseconds_count", ",status=\"200\"", s, s);
      }

      assertThat(now().values().get("error_rate")).isZero();
    }

    @Test
    void saysNothingWhereNothingHappens() {
      for (int s = 0; s <= 20; s++) {
        send("http_server_requests_milliseconds_count", ",status=\"200\"", s, 5);
      }

      assertThat(now().values()).containsEntry("error_rate", null).containsEntry("traffic", 0.0);
    }

    @Test
    void forgetsAnInstanceThatIsGoneAfterOneWindow() {
      send("process_cpu_usage", ",instance=\"old\"", 0, 0.99);
      for (int s = 0; s <= 12; s++) {
        send("process_cpu_usage", ",instance=\"new\"", s, 0.1);
      }

      assertThat(now().values().get("cpu")).isEqualTo(0.1);
    }
  }

  @Test
  void takesTheNextSourceWhereTheFirstHasNoData() {
    for (int s = 0; s <= 60; s += 15) {
      send("node_cpu_seconds_total", ",mode=\"idle\",cpu=\"0\"", s, 0.75 * s);
    }

    assertThat(now().values().get("cpu")).isCloseTo(0.25, within(1e-9));
    assertThat(now().windowMillis()).isEqualTo(45_000);
  }

  @Test
  void givesTheSameForManyInstantsAsForEachOfThem() {
    Random random = new Random(7);
    long errors = 0;
    for (int s = 0; s <= 120; s++) {
      if (s % 40 < 30) {
        errors += random.nextInt(3);
        send("http_server_requests_milliseconds_count", ",status=\"500\"", s, errors);
        send("http_server_requests_milliseconds_count", ",status=\"200\"", s, 9 * s);
      }
      send(
          "http_server_requests_milliseconds_bucket", ",le=\"100.0\"", s, s * random.nextInt(4, 6));
      send("http_server_requests_milliseconds_bucket", ",le=\"+Inf\"", s, 10 * s);
      if (s < 50) {
        send("process_cpu_usage", ",instance=\"gone\"", s, s == 49 ? Samples.STALE : 0.5);
      } else if (s > 90) {
        send("node_cpu_seconds_total", ",mode=\"idle\",cpu=\"0\"", s, random.nextDouble());
      }
    }
    ObservedService checkout = registry.find(new ServiceKey("checkout", "prod")).orElseThrow();
    long first = (START + 3) * 1000;
    long last = (START + 131) * 1000;

    List<SignalSnapshot> all = golden.at(checkout, first, last, 5_000);

    List<SignalSnapshot> each = new ArrayList<>();
    for (long at = first; at <= last; at += 5_000) {
      each.add(golden.at(checkout, at));
    }
    assertThat(all).isEqualTo(each);
    assertThat(all)
        .extracting(snapshot -> snapshot.values().get("cpu"))
        .contains(0.5)
        .containsNull();
    assertThat(golden.at(checkout, last, last - 1, 5_000)).isEmpty();
  }

  @Test
  void givesTheHistoryOfAllSignals() {
    for (int s = 0; s <= 100; s++) {
      send("http_server_requests_milliseconds_count", ",status=\"200\"", s, 3 * s);
      send("process_cpu_usage", "", s, s / 100.0);
    }

    List<GoldenSignals.Point> history =
        golden.history(
            new ServiceKey("checkout", "prod"),
            10_000,
            (START + 20) * 1000,
            (START + 60) * 1000,
            20_000);

    assertThat(history)
        .extracting(GoldenSignals.Point::ts)
        .containsExactly((START + 20) * 1000, (START + 40) * 1000, (START + 60) * 1000);
    assertThat(history.get(1).signals().get("traffic")).isCloseTo(3, within(1e-9));
    assertThat(history.get(1).signals().get("cpu")).isEqualTo(0.4);
    assertThat(history.get(1).signals()).containsEntry("memory", null);
  }

  @Test
  void theHistoryIsWhatItWasWhereAnInstanceEnded() {
    for (int s = 0; s <= 600; s += 5) {
      if (s <= 300) {
        send("process_cpu_usage", ",instance=\"old\"", s, 0.97);
      }
      send("process_cpu_usage", ",instance=\"new\"", s, 0.1);
    }
    ObservedService checkout = registry.find(new ServiceKey("checkout", "prod")).orElseThrow();
    long first = (START + 100) * 1000;
    long last = (START + 600) * 1000;

    List<GoldenSignals.Point> history =
        golden.history(checkout.key(), checkout.windowMillis(), first, last, 5_000);

    List<SignalSnapshot> live = golden.at(checkout, first, last, 5_000);
    assertThat(history)
        .extracting(point -> point.signals().get("cpu"))
        .containsExactlyElementsOf(
            live.stream().map(snapshot -> snapshot.values().get("cpu")).toList())
        .contains(0.97)
        .contains(0.1);
  }

  @Test
  void theHistoryHasGaugesAlsoWhereOneSampleAMinuteIsLeft() {
    spacing = 120_000;
    for (int s = 0; s <= 600; s += 60) {
      send("process_cpu_usage", "", s, 0.1);
    }

    assertThat(
            golden.history(
                new ServiceKey("checkout", "prod"),
                10_000,
                (START + 100) * 1000,
                (START + 600) * 1000,
                5_000))
        .hasSize(101)
        .allSatisfy(point -> assertThat(point.signals()).containsEntry("cpu", 0.1));
  }

  @Test
  void writesNamesOfServicesSafelyIntoQueries() {
    GoldenSources.Source source =
        new GoldenSources.Source(
            "cpu", "x", "max(x{service=\"$service\"}[$window])", java.util.Set.of());

    assertThat(source.query(new ServiceKey("a\"}\\", "e"), 10_000))
        .isEqualTo("max(x{service=\"a\\\"}\\\\\"}[10s])");
  }
}
