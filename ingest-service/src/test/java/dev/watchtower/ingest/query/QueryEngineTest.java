package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Samples;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class QueryEngineTest {
  private final HandMadeStore store = new HandMadeStore();
  private final QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);

  private Map<String, Double> vector(String query, long seconds) {
    Map<String, Double> values = new TreeMap<>();
    for (Value.Sample sample :
        ((Value.Vector) engine.instant(Parser.parse(query), seconds * 1000)).samples()) {
      values.put(sample.labels().toString(), sample.value());
    }
    return values;
  }

  private double only(String query, long seconds) {
    Map<String, Double> values = vector(query, seconds);
    assertThat(values).hasSize(1);
    return values.values().iterator().next();
  }

  private double scalar(String query) {
    return ((Value.Scalar) engine.instant(Parser.parse(query), 1_000)).value();
  }

  @Nested
  class Selectors {
    @Test
    void takeTheLastSampleOfFiveMinutesOpenOnTheLeft() {
      store.row("up{a=\"1\"}", 100, 10, 7);

      assertThat(only("up", 100)).isEqualTo(7);
      assertThat(only("up", 399)).isEqualTo(7);
      assertThat(vector("up", 400)).isEmpty();
      assertThat(vector("up", 99)).isEmpty();
    }

    @Test
    void endAtAStaleMarker() {
      store.row("up", 0, 10, 1, Samples.STALE, 2);

      assertThat(vector("up", 15)).isEmpty();
      assertThat(only("up", 20)).isEqualTo(2);
      assertThat(only("count_over_time(up[1m])", 20)).isEqualTo(2);
    }

    @Test
    void keepAnOrdinaryNaN() {
      store.row("up", 0, 10, Double.NaN);

      assertThat(only("up", 5)).isNaN();
    }

    @Test
    void matchByAllFourKinds() {
      store.row("up{a=\"x\"}", 0, 10, 1);
      store.row("up{a=\"y\"}", 0, 10, 2);
      store.row("up{b=\"z\"}", 0, 10, 3);

      assertThat(vector("up{a=\"x\"}", 0)).containsOnlyKeys("up{a=\"x\"}");
      assertThat(vector("up{a!=\"x\"}", 0)).containsOnlyKeys("up{a=\"y\"}", "up{b=\"z\"}");
      assertThat(vector("up{a=~\"x|y\"}", 0)).containsOnlyKeys("up{a=\"x\"}", "up{a=\"y\"}");
      assertThat(vector("up{a!~\"x|y\"}", 0)).containsOnlyKeys("up{b=\"z\"}");
      assertThat(vector("{__name__=~\"u.\",a=\"\"}", 0)).containsOnlyKeys("up{b=\"z\"}");
    }

    @Test
    void lookBackByTheirOffset() {
      store.row("up", 0, 10, 0, 1, 2, 3);

      assertThat(only("up offset 10s", 30)).isEqualTo(2);
      assertThat(only("up offset -10s", 10)).isEqualTo(2);
      assertThat(only("sum_over_time(up[20s] offset 10s)", 30)).isEqualTo(3);
    }

    @Test
    void giveRawSamplesForAPlainRange() {
      store.row("up", 0, 10, 0, 1, 2, 3);

      Value.Matrix matrix = (Value.Matrix) engine.instant(Parser.parse("up[20s]"), 30_000);

      assertThat(matrix.series().getFirst().times()).containsExactly(20_000, 30_000);
      assertThat(matrix.series().getFirst().values()).containsExactly(2, 3);
    }
  }

  @Nested
  class Rates {
    @Test
    void areExactForASteadyCounter() {
      store.row("c", 0, 10, 0, 10, 20, 30, 40, 50, 60);

      assertThat(only("increase(c[60s])", 60)).isCloseTo(60, within(1e-9));
      assertThat(only("rate(c[60s])", 60)).isCloseTo(1, within(1e-9));
    }

    @Test
    void countAReset() {
      store.row("c", 10, 10, 5, 10, 3, 6);

      // 6 - 5 + 10 = 11 in 30 s, extended by the 10 s to the start: 11 * 40 / 30.
      assertThat(only("increase(c[40s])", 40)).isCloseTo(44.0 / 3, within(1e-9));
      assertThat(only("resets(c[40s])", 40)).isEqualTo(1);
    }

    @Test
    void areExtendedByHalfAnIntervalWhereTheSeriesBeginsOrEndsInTheRange() {
      store.row("c", 100, 10, 1000, 1010, 1020);

      // 20 in 20 s, extended by 5 s at either end.
      assertThat(only("increase(c[100s])", 150)).isCloseTo(30, within(1e-9));
      assertThat(only("delta(c[100s])", 150)).isCloseTo(30, within(1e-9));
    }

    @Test
    void neverExtendACounterBelowZero() {
      store.row("c", 10, 10, 1, 11, 21);

      // 20 in 20 s; the counter was zero 1 s before its first sample.
      assertThat(only("increase(c[30s])", 30)).isCloseTo(21, within(1e-9));
      assertThat(only("delta(c[30s])", 30)).isCloseTo(30, within(1e-9));
    }

    @Test
    void needTwoSamples() {
      store.row("c", 10, 10, 1);

      assertThat(vector("rate(c[30s])", 10)).isEmpty();
      assertThat(vector("irate(c[30s])", 10)).isEmpty();
    }

    @Test
    void leaveOutTheSampleAtTheLeftEnd() {
      store.row("c", 0, 10, 0, 10, 20);

      assertThat(only("count_over_time(c[20s])", 20)).isEqualTo(2);
    }

    @Test
    void ofTheLastTwoSamples() {
      store.row("c", 0, 10, 0, 100, 90, 95);

      assertThat(only("irate(c[1m])", 30)).isCloseTo(0.5, within(1e-12));
      assertThat(only("irate(c[1m])", 20)).isCloseTo(9, within(1e-12));
      assertThat(only("idelta(c[1m])", 20)).isEqualTo(-10);
    }

    @Test
    void ofALine() {
      store.row("g", 0, 10, 1, 3, 5, 7);

      assertThat(only("deriv(g[1m])", 30)).isCloseTo(0.2, within(1e-12));
      assertThat(only("predict_linear(g[1m], 10)", 30)).isCloseTo(9, within(1e-9));
    }
  }

  @Nested
  class OverTime {
    @Test
    void statisticsOfARange() {
      store.row("g", 10, 10, 4, 1, 3, 2);

      assertThat(only("avg_over_time(g[1m])", 40)).isEqualTo(2.5);
      assertThat(only("min_over_time(g[1m])", 40)).isEqualTo(1);
      assertThat(only("max_over_time(g[1m])", 40)).isEqualTo(4);
      assertThat(only("sum_over_time(g[1m])", 40)).isEqualTo(10);
      assertThat(only("count_over_time(g[1m])", 40)).isEqualTo(4);
      assertThat(only("last_over_time(g[1m])", 40)).isEqualTo(2);
      assertThat(only("quantile_over_time(0.5, g[1m])", 40)).isEqualTo(2.5);
      assertThat(only("stdvar_over_time(g[1m])", 40)).isEqualTo(1.25);
      assertThat(only("changes(g[1m])", 40)).isEqualTo(3);
      assertThat(only("present_over_time(g[1m])", 40)).isEqualTo(1);
    }

    @Test
    void keepTheNameOnlyForTheLastValue() {
      store.row("g{a=\"1\"}", 10, 10, 4);

      assertThat(vector("last_over_time(g[1m])", 40)).containsOnlyKeys("g{a=\"1\"}");
      assertThat(vector("max_over_time(g[1m])", 40)).containsOnlyKeys("{a=\"1\"}");
    }

    @Test
    void refuseTwoSeriesThatDifferOnlyInTheName() {
      store.row("g1", 10, 10, 4);
      store.row("g2", 10, 10, 4);

      assertThatExceptionOfType(QueryException.class)
          .isThrownBy(() -> vector("max_over_time({__name__=~\"g.\"}[1m])", 40))
          .withMessageContaining("same labelset");
    }
  }

  @Nested
  class Histograms {
    @Test
    void interpolateInsideTheBucket() {
      store.row("h_bucket{le=\"0.1\"}", 0, 10, 10);
      store.row("h_bucket{le=\"0.5\"}", 0, 10, 30);
      store.row("h_bucket{le=\"1\"}", 0, 10, 40);
      store.row("h_bucket{le=\"+Inf\"}", 0, 10, 40);

      assertThat(only("histogram_quantile(0.5, h_bucket)", 0)).isCloseTo(0.3, within(1e-12));
      assertThat(only("histogram_quantile(0.125, h_bucket)", 0)).isCloseTo(0.05, within(1e-12));
      assertThat(only("histogram_quantile(0.95, h_bucket)", 0)).isCloseTo(0.9, within(1e-12));
      assertThat(only("histogram_quantile(2, h_bucket)", 0)).isInfinite();
    }

    @Test
    void areRefusedWhereTwoMetricsDifferInNothingElse() {
      for (String name : List.of("a", "b")) {
        store.row(name + "_bucket{le=\"1\"}", 0, 10, 1);
        store.row(name + "_bucket{le=\"+Inf\"}", 0, 10, 2);
      }

      assertThatExceptionOfType(QueryException.class)
          .isThrownBy(() -> vector("histogram_quantile(0.5, {le=~\".+\"})", 0))
          .withMessageContaining("same labelset");
    }

    @Test
    void giveTheHighestFiniteBoundForWhatLiesAbove() {
      store.row("h_bucket{le=\"1\"}", 0, 10, 1);
      store.row("h_bucket{le=\"+Inf\"}", 0, 10, 100);

      assertThat(only("histogram_quantile(0.9, h_bucket)", 0)).isEqualTo(1);
    }

    @Test
    void areUnknownWithoutObservationsOrAnInfiniteBucket() {
      store.row("a_bucket{le=\"1\"}", 0, 10, 0);
      store.row("a_bucket{le=\"+Inf\"}", 0, 10, 0);
      store.row("b_bucket{le=\"1\"}", 0, 10, 5);
      store.row("b_bucket{le=\"2\"}", 0, 10, 5);

      assertThat(only("histogram_quantile(0.9, a_bucket)", 0)).isNaN();
      assertThat(only("histogram_quantile(0.9, b_bucket)", 0)).isNaN();
    }

    @Test
    void forceCountsToRise() {
      store.row("h_bucket{le=\"1\"}", 0, 10, 10);
      store.row("h_bucket{le=\"2\"}", 0, 10, 8);
      store.row("h_bucket{le=\"4\"}", 0, 10, 20);
      store.row("h_bucket{le=\"+Inf\"}", 0, 10, 20);

      assertThat(only("histogram_quantile(0.75, h_bucket)", 0)).isCloseTo(3, within(1e-12));
    }
  }

  @Nested
  class Corners {
    @Test
    void exactLogarithmsOfPowersOfTwo() {
      for (int i = -1_074; i < 1_024; i++) {
        Value.Vector found =
            (Value.Vector)
                engine.instant(Parser.parse("log2(vector(" + Math.scalb(1.0, i) + "))"), 0);
        assertThat(found.samples().getFirst().value()).isEqualTo(i);
      }
    }

    @Test
    void absenceSaysTheFirstEqualityWhateverStandsBefore() {
      assertThat(absent("absent(x{a!=\"1\",a=\"2\"})")).isEqualTo(Labels.of("a", "2"));
      assertThat(absent("absent(x{a=\"2\",a!=\"1\"})")).isEqualTo(Labels.EMPTY);
      assertThat(absent("absent(x{a=\"2\",a=\"3\",b=\"1\"})")).isEqualTo(Labels.of("b", "1"));
    }

    private Labels absent(String query) {
      Value.Vector found = (Value.Vector) engine.instant(Parser.parse(query), 0);
      return found.samples().getFirst().labels();
    }

    @Test
    void labelNamesInQuotes() {
      store.row("x{a=\"1\",\"http.method\"=\"GET\"}", 0, 1, 5);

      Value.Vector found =
          (Value.Vector) engine.instant(Parser.parse("sum by (\"http.method\", a)(x)"), 0);
      assertThat(found.samples().getFirst().labels())
          .isEqualTo(Labels.of("a", "1", "http.method", "GET"));
    }
  }

  @Nested
  class Ranges {
    @Test
    void haveAValueForEveryStepWithData() {
      store.row("g", 0, 10, 1, 2, Samples.STALE, 4);

      Value.Matrix matrix = engine.range(Parser.parse("g * 2"), 0, 40_000, 10_000);

      assertThat(matrix.series().getFirst().times()).containsExactly(0, 10_000, 30_000, 40_000);
      assertThat(matrix.series().getFirst().values()).containsExactly(2, 4, 8, 8);
    }

    @Test
    void giveTheSameAsManyInstants() {
      for (int i = 0; i < 200; i++) {
        store.add("c{a=\"1\"}", 3L * i, (i * 7) % 50);
      }
      Expr expr = Parser.parse("sum(rate(c[30s])) + sum(c offset 7s)");

      Value.Points points = engine.range(expr, 100_000, 500_000, 1_000).series().getFirst();

      for (int i = 0; i < points.times().length; i++) {
        Value.Vector vector = (Value.Vector) engine.instant(expr, points.times()[i]);
        assertThat(points.values()[i]).isEqualTo(vector.samples().getFirst().value());
      }
      assertThat(points.times()).hasSize(401);
    }

    @Test
    void giveAScalarAsASeriesWithoutLabels() {
      assertThat(engine.range(Parser.parse("time()"), 0, 2_000, 1_000).series().getFirst().values())
          .containsExactly(0, 1, 2);
    }
  }

  @Test
  void computesWithScalars() {
    assertThat(scalar("1 + 2 * 3 - 4 / 2")).isEqualTo(5);
    assertThat(scalar("-2 ^ 2")).isEqualTo(-4);
    assertThat(scalar("7 % 4")).isEqualTo(3);
    assertThat(scalar("1 < bool 2")).isEqualTo(1);
    assertThat(scalar("time()")).isEqualTo(1);
    assertThat(scalar("scalar(vector(3))")).isEqualTo(3);
    assertThat(scalar("scalar(nothing)")).isNaN();
    assertThat(scalar("Inf")).isInfinite();
  }
}
