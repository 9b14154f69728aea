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
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Series;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
  private final QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);
  private final GoldenSignals golden = new GoldenSignals(engine, sources);
  private final ServiceRegistry registry = new ServiceRegistry();
  private final Detector detector = new Detector(new RuleBook(catalog.rules(), catalog.slos()));
  private final List<String> told = new ArrayList<>();
  private final List<Long> toldAt = new ArrayList<>();
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
    send(store.series(COUNT + status + "\"}"), second, value);
  }

  private void send(Series series, long second, double value) {
    long millis = (START + second) * 1000;
    store.add(series, millis, value);
    registry.heard(
        new AcceptedBatch(new Series[] {series}, new long[] {millis}, new double[] {value}, 1),
        millis);
  }

  private void sample(long second) {
    send("200", second, good);
    send("500", second, bad);
    look("pay", second);
  }

  private void look(String service, long second) {
    ObservedService found = registry.find(new ServiceKey(service, "prod")).orElseThrow();
    tell(second, detector.onSignals(golden.at(found, (START + second) * 1000)));
  }

  private void tell(long second, List<Detected> detected) {
    for (Detected one : detected) {
      told.add(one.signal().status() + " " + one.signal().rule());
      toldAt.add(second);
    }
  }

  /** A gauge of a service for ten minutes, one value from a second to another and 0.1 else. */
  private void gauge(String service, String selector, int from, int to, double value) {
    for (int s = 0; s <= 600; s += 5) {
      send(
          store.series(selector.replace("$", "service=\"" + service + "\",env=\"prod\"")),
          s,
          s >= from && s < to ? value : 0.1);
      look(service, s);
    }
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
  void aBurstOfCpuIsNothing() {
    gauge("pay", "process_cpu_usage{$}", 100, 130, 1);
    assertThat(told).isEmpty();

    gauge("checkout", "process_cpu_usage{$}", 100, 130, 1);
    assertThat(told)
        .as("the shop")
        .containsExactly("FIRING cpu-saturated", "CLEARED cpu-saturated");
    assertThat(toldAt.getFirst()).isEqualTo(105);
  }

  @Test
  void isToldThatTheCpuIsFullForMinutes() {
    gauge("pay", "process_cpu_usage{$}", 100, 500, 0.97);

    assertThat(told).containsExactly("FIRING cpu-full", "CLEARED cpu-full");
    assertThat(toldAt).first().isEqualTo(400L);
  }

  @Test
  void isToldThatMemoryIsFullForMinutes() {
    for (int s = 0; s <= 600; s += 5) {
      send(store.series("node_memory_MemTotal_bytes{service=\"pay\",env=\"prod\"}"), s, 100);
    }
    gauge("pay", "node_memory_MemAvailable_bytes{$}", 0, 200, 90);

    assertThat(told).containsExactly("FIRING memory-full");
    assertThat(toldAt).containsExactly(500L);
  }

  @Test
  void aTargetThatDoesNotAnswerIsTold() {
    RuleBook.ExpressionRule rule = detector.rules().onExpressions().get("target-down");
    for (int s = 0; s <= 300; s += 15) {
      boolean dead = s == 30 || s >= 120 && s < 240;
      store.add("up{service=\"pay\",env=\"prod\",instance=\"a\"}", START + s, dead ? 0 : 1);
      Value found = engine.instant(rule.expr(), (START + s) * 1000L);
      tell(s, detector.onVector(rule, (START + s) * 1000L, ((Value.Vector) found).samples()));
    }

    assertThat(told).containsExactly("FIRING target-down", "CLEARED target-down");
    assertThat(toldAt).containsExactly(180L, 270L);
  }

  @Test
  void itsExamplesAreRulesToo() throws IOException {
    String text = Files.readString(Path.of("../config/watchtower.yaml"));
    String with = text.replaceAll("(?m)^  # (- name: (?:disk|cont).*|  [a-z-]+: .*)$", "  $1");
    Catalog all = new CatalogParser(_ -> null).parse("with", with.getBytes(StandardCharsets.UTF_8));

    assertThat(new RuleBook(all.rules(), all.slos()).onExpressions())
        .containsKeys("disk-full", "container-restarts", "target-down");
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
