package dev.watchtower.ingest.detection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogParser;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the example catalog tells of services of all sizes, sent as Micrometer sends them. */
class ShippedRulesTest {
  private static final long START = 1_700_000_000;
  private static final String COUNT =
      "http_server_requests_milliseconds_count{service=\"pay\",env=\"prod\",status=\"";

  private final HandMadeStore store = new HandMadeStore();
  private final Catalog catalog = catalog();
  private final GoldenSources sources = new GoldenSources(catalog.goldenSignals());
  private final GoldenSignals golden =
      new GoldenSignals(new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime), sources);
  private final ServiceRegistry registry = new ServiceRegistry();
  private final Detector detector = new Detector(new RuleBook(catalog.rules(), catalog.slos()));
  private final List<String> told = new ArrayList<>();
  private double good;
  private double bad;

  ShippedRulesTest() {
    registry.watch(sources, _ -> false);
  }

  private static Catalog catalog() {
    try {
      return new CatalogParser(_ -> null)
          .parse("watchtower.yaml", Files.readAllBytes(Path.of("../config/watchtower.yaml")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void send(String status, long second, double value) {
    Series series = store.series(COUNT + status + "\"}");
    long millis = (START + second) * 1000;
    store.add(series, millis, value);
    registry.heard(
        new AcceptedBatch(new Series[] {series}, new long[] {millis}, new double[] {value}, 1),
        millis);
  }

  private void sample(long second) {
    send("200", second, good);
    send("500", second, bad);
    ObservedService pay = registry.find(new ServiceKey("pay", "prod")).orElseThrow();
    detector
        .onSignals(golden.at(pay, (START + second) * 1000))
        .forEach(d -> told.add(d.signal().status() + " " + d.signal().rule()));
  }

  @ParameterizedTest
  @CsvSource({"5, 0.5", "5, 1", "5, 1.9", "1, 0.5", "1, 1.9", "15, 1", "60, 0.05"})
  void oneFailedRequestIsNothing(int every, double rate) {
    for (long s = 0; s <= 1_800; s += every) {
      good += rate * every;
      if (s == 900) {
        good--;
        bad++;
      }
      sample(s);
    }

    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"60", "90"})
  void norIsItWhereItIsTheOnlyOneForLong(int every) {
    for (long s = 0; s <= 3_600; s += every) {
      bad += s == 1_800 ? 1 : 0;
      sample(s);
    }

    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, 12, 15", "5, 6, 30", "5, 2.5, 30", "5, 0.33, 1800", "60, 0.33, 600"})
  void isToldThatAllFail(int every, double rate, int within) {
    Random random = new Random(3);
    for (long s = 0; s <= 600; s += every) {
      good += rate * every;
      sample(s);
    }
    assertThat(told).isEmpty();
    long turn = 600 / every * (long) every;
    for (long s = turn + every; s <= turn + within && told.isEmpty(); s += every) {
      for (double part = 0; part < every; part += 0.01) {
        bad += random.nextDouble() < rate / 100 ? 1 : 0;
      }
      sample(s);
    }

    assertThat(told)
        .singleElement()
        .isEqualTo(rate < 2 ? "FIRING most-requests-fail" : "FIRING high-error-rate");
  }

  @Test
  void aShortOutageIsToldByOneRule() {
    for (long s = 0; s <= 900; s++) {
      good += s > 600 && s <= 720 ? 0 : 6;
      bad += s > 600 && s <= 720 ? 6 : 0;
      sample(s);
    }

    assertThat(told).containsExactly("FIRING high-error-rate", "CLEARED high-error-rate");
  }
}
