package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Aggregations, operators and functions over vectors. */
class VectorQueryTest {
  private final HandMadeStore store = new HandMadeStore();
  private final QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime);

  @BeforeEach
  void someSeries() {
    store.row("req{job=\"a\",code=\"200\"}", 0, 10, 10);
    store.row("req{job=\"a\",code=\"500\"}", 0, 10, 2);
    store.row("req{job=\"b\",code=\"200\"}", 0, 10, 30);
    store.row("req{job=\"b\",code=\"500\"}", 0, 10, 3);
    store.row("weight{job=\"a\",team=\"x\"}", 0, 10, 2);
    store.row("weight{job=\"b\",team=\"y\"}", 0, 10, 4);
  }

  private Map<String, Double> vector(String query) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Value.Sample sample :
        ((Value.Vector) engine.instant(Parser.parse(query), 1_000)).samples()) {
      values.put(sample.labels().toString(), sample.value());
    }
    return values;
  }

  private void refused(String query, String message) {
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> vector(query))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(QueryException.Kind.EXECUTION))
        .withMessageContaining(message);
  }

  @Test
  void aggregatesByAndWithoutLabels() {
    assertThat(vector("sum by (job) (req)"))
        .isEqualTo(Map.of("{job=\"a\"}", 12.0, "{job=\"b\"}", 33.0));
    assertThat(vector("max without (job) (req)"))
        .isEqualTo(Map.of("{code=\"200\"}", 30.0, "{code=\"500\"}", 3.0));
    assertThat(vector("avg(req)")).isEqualTo(Map.of("{}", 11.25));
    assertThat(vector("min(req)")).isEqualTo(Map.of("{}", 2.0));
    assertThat(vector("count(req)")).isEqualTo(Map.of("{}", 4.0));
    assertThat(vector("group(req)")).isEqualTo(Map.of("{}", 1.0));
    assertThat(vector("quantile(0.5, req)")).isEqualTo(Map.of("{}", 6.5));
    assertThat(vector("stddev(weight)")).isEqualTo(Map.of("{}", 1.0));
    assertThat(vector("stdvar(weight)")).isEqualTo(Map.of("{}", 1.0));
    assertThat(vector("count_values(\"v\", req > 5)"))
        .isEqualTo(Map.of("{v=\"10\"}", 1.0, "{v=\"30\"}", 1.0));
    assertThat(vector("sum(nothing)")).isEmpty();
  }

  /** Where limits cross there is nothing, whatever there is at the next instant. */
  @Test
  void clampsAgainOnceTheLimitsCrossNoMore() {
    Value.Matrix clamped =
        engine.range(Parser.parse("clamp(weight, 3, time() - 16)"), 0, 20_000, 10_000);

    assertThat(clamped.series())
        .hasSize(2)
        .allSatisfy(points -> {
          assertThat(points.times()).containsExactly(20_000);
          assertThat(points.values())
              .satisfiesAnyOf(
                  v -> assertThat(v).containsExactly(3), v -> assertThat(v).containsExactly(4));
        });
  }

  /** At the first instant there is nothing, and it must not be given up for that. */
  @Test
  void aRangeWithoutSeriesHasTheValuesThatNeedNone() {
    assertThat(steps("nothing")).isZero();
    assertThat(steps("histogram_quantile(0.9, sum by (le) (rate(nothing[1m]))) * 2")).isZero();
    assertThat(steps("max_over_time(nothing[1m:10s])")).isZero();
    assertThat(steps("-nothing + scalar(nothing)")).isZero();
    assertThat(steps("absent(nothing)")).isEqualTo(4);
    assertThat(steps("sum(absent_over_time(nothing[1m]))")).isEqualTo(4);
    assertThat(steps("nothing or vector(1)")).isEqualTo(4);
    assertThat(steps("nothing or max_over_time(vector(1)[1m:10s])")).isEqualTo(4);
    assertThat(steps("hour()")).isEqualTo(4);
    assertThat(steps("scalar(nothing)")).isEqualTo(4);
    assertThat(steps("count(nothing) or weight")).isEqualTo(2 * 4);
    assertThat(steps("nothing and on() (vector(time()) >= 20)")).isZero();
    assertThat(steps("(vector(time()) >= 20) and on() nothing")).isZero();
    assertThat(steps("vector(1) unless on() nothing")).isEqualTo(4);
    assertThat(steps("(vector(time()) >= 20) and on() weight")).isEqualTo(2);
    assertThat(steps("weight offset -10s")).as("only later").isEqualTo(2 * 4);
  }

  private int steps(String query) {
    return engine.range(Parser.parse(query), 0, 30_000, 10_000).series().stream()
        .mapToInt(points -> points.times().length)
        .sum();
  }

  @Test
  void countsValuesWithoutExponents() {
    store.row("tiny", 0, 10, 1e-7);
    store.row("huge", 0, 10, -1e22);

    assertThat(vector("count_values(\"v\", {__name__=~\"tiny|huge\"})"))
        .isEqualTo(Map.of("{v=\"0.0000001\"}", 1.0, "{v=\"-10000000000000000000000\"}", 1.0));
  }

  @Test
  void aLabelMayHaveAnyName() {
    assertThat(vector("count_values(\"http.code\", weight)"))
        .isEqualTo(Map.of("{http.code=\"2\"}", 1.0, "{http.code=\"4\"}", 1.0));
    assertThat(
            vector(
                "label_join(label_replace(weight, \"a.b\", \"$1\", \"team\", \"(.*)\"), \"c d\", \"-\", \"a.b\")"))
        .containsOnlyKeys(
            "weight{a.b=\"x\",c d=\"x\",job=\"a\",team=\"x\"}",
            "weight{a.b=\"y\",c d=\"y\",job=\"b\",team=\"y\"}");
    assertThatExceptionOfType(QueryException.class)
        .isThrownBy(() -> vector("label_replace(weight, \"\", \"\", \"\", \"\")"))
        .withMessageContaining("invalid destination label name");
  }

  @Test
  void keepsTheLargestAndSmallest() {
    assertThat(vector("topk(2, req)").keySet())
        .containsExactly("req{code=\"200\",job=\"b\"}", "req{code=\"200\",job=\"a\"}");
    assertThat(vector("bottomk by (job) (1, req)").keySet())
        .containsExactlyInAnyOrder("req{code=\"500\",job=\"a\"}", "req{code=\"500\",job=\"b\"}");
    assertThat(vector("topk(0, req)")).isEmpty();
    refused("topk(NaN, req)", "NaN");
  }

  @Test
  void comparesWithANumber() {
    assertThat(vector("req > 5").keySet())
        .containsExactlyInAnyOrder("req{code=\"200\",job=\"a\"}", "req{code=\"200\",job=\"b\"}");
    assertThat(vector("5 < req")).isEqualTo(vector("req > 5"));
    assertThat(vector("weight > bool 3"))
        .isEqualTo(Map.of("{job=\"a\",team=\"x\"}", 0.0, "{job=\"b\",team=\"y\"}", 1.0));
  }

  @Test
  void matchesSeriesByTheirLabels() {
    assertThat(vector("req{code=\"500\"} / ignoring(code) req{code=\"200\"}"))
        .isEqualTo(Map.of("{job=\"a\"}", 0.2, "{job=\"b\"}", 0.1));
    assertThat(vector("req{code=\"500\"} * on(job) weight"))
        .isEqualTo(Map.of("{job=\"a\"}", 4.0, "{job=\"b\"}", 12.0));
    assertThat(vector("req{code=\"200\"} * on(job) group_left(team) weight"))
        .isEqualTo(
            Map.of(
                "{code=\"200\",job=\"a\",team=\"x\"}", 20.0,
                "{code=\"200\",job=\"b\",team=\"y\"}", 120.0));
    assertThat(vector("weight - on(job) group_right() req{code=\"500\"}"))
        .isEqualTo(Map.of("{code=\"500\",job=\"a\"}", 0.0, "{code=\"500\",job=\"b\"}", 1.0));
    assertThat(vector("req{code=\"500\"} > on(job) weight")).isEmpty();
    assertThat(vector("weight > on(job) req{code=\"500\"}")).isEqualTo(Map.of("{job=\"b\"}", 4.0));
  }

  @Test
  void refusesAmbiguousMatches() {
    refused("weight * on(job) req", "found duplicate series for the match group");
    refused("req * on(job) weight", "many-to-one matching must be explicit");
  }

  @Test
  void combinesSets() {
    assertThat(vector("req and on(job) weight{job=\"a\"}")).hasSize(2);
    assertThat(vector("req unless on(job) weight{job=\"a\"}").keySet())
        .containsExactlyInAnyOrder("req{code=\"200\",job=\"b\"}", "req{code=\"500\",job=\"b\"}");
    assertThat(vector("weight{job=\"a\"} or weight")).hasSize(2);
    assertThat(vector("sum(nothing) or vector(0)")).isEqualTo(Map.of("{}", 0.0));
  }

  @Test
  void appliesFunctions() {
    store.row("g", 0, 10, -2.5);

    assertThat(vector("abs(g)")).isEqualTo(Map.of("{}", 2.5));
    assertThat(vector("ceil(g)")).isEqualTo(Map.of("{}", -2.0));
    assertThat(vector("floor(g)")).isEqualTo(Map.of("{}", -3.0));
    assertThat(vector("round(g)")).isEqualTo(Map.of("{}", -2.0));
    assertThat(vector("round(g, 2)")).isEqualTo(Map.of("{}", -2.0));
    assertThat(vector("sgn(g)")).isEqualTo(Map.of("{}", -1.0));
    assertThat(vector("-g")).isEqualTo(Map.of("{}", 2.5));
    assertThat(vector("sqrt(-g + 1.5)")).isEqualTo(Map.of("{}", 2.0));
    assertThat(vector("clamp(g, -1, 1)")).isEqualTo(Map.of("{}", -1.0));
    assertThat(vector("clamp_min(g, 3)")).isEqualTo(Map.of("{}", 3.0));
    assertThat(vector("clamp_max(g, -3)")).isEqualTo(Map.of("{}", -3.0));
    assertThat(vector("clamp(g, 1, -1)")).isEmpty();
    assertThat(vector("exp(g * 0)")).isEqualTo(Map.of("{}", 1.0));
    assertThat(vector("ln(g * 0 + 1)")).isEqualTo(Map.of("{}", 0.0));
    assertThat(vector("log2(g * 0 + 8)")).isEqualTo(Map.of("{}", 3.0));
    assertThat(vector("log10(g * 0 + 100)")).isEqualTo(Map.of("{}", 2.0));
    assertThat(vector("timestamp(g)")).isEqualTo(Map.of("{}", 0.0));
    assertThat(vector("timestamp(vector(1))")).isEqualTo(Map.of("{}", 1.0));
    assertThat(vector("sort_desc(req)").values()).containsExactly(30.0, 10.0, 3.0, 2.0);
    assertThat(vector("sort(weight)").values()).containsExactly(2.0, 4.0);
  }

  @Test
  void saysWhatIsAbsent() {
    assertThat(vector("absent(req)")).isEmpty();
    assertThat(vector("absent(nope{job=\"a\",x=~\"1.*\"})")).isEqualTo(Map.of("{job=\"a\"}", 1.0));
    assertThat(vector("absent(sum(nope))")).isEqualTo(Map.of("{}", 1.0));
    assertThat(vector("absent_over_time(nope{job=\"a\"}[1m])"))
        .isEqualTo(Map.of("{job=\"a\"}", 1.0));
    assertThat(vector("absent_over_time(req[1m])")).isEmpty();
  }

  @Test
  void writesNumbersAsPrometheusDoes() {
    assertThat(Numbers.format(1.0)).isEqualTo("1");
    assertThat(Numbers.format(0.1)).isEqualTo("0.1");
    assertThat(Numbers.format(-0.0)).isEqualTo("-0");
    assertThat(Numbers.format(1e20)).isEqualTo("100000000000000000000");
    assertThat(Numbers.format(1.5e21)).isEqualTo("1.5e+21");
    assertThat(Numbers.format(2.5e-7)).isEqualTo("2.5e-07");
    assertThat(Numbers.format(0.000001)).isEqualTo("0.000001");
    assertThat(Numbers.format(Double.POSITIVE_INFINITY)).isEqualTo("+Inf");
    assertThat(Numbers.format(Double.NaN)).isEqualTo("NaN");
    assertThat(List.of("+Inf", "Inf", "Infinity", "+Infinity"))
        .allMatch(text -> Numbers.parse(text) == Double.POSITIVE_INFINITY);
    assertThat(List.of("0.5", "+0.5", ".5", "5e-1")).allMatch(text -> Numbers.parse(text) == 0.5);
    assertThat(List.of("", "x", " 1", "1 ", "1d", "1f", "-", "NaN"))
        .allMatch(text -> Double.isNaN(Numbers.parse(text)));
  }
}
