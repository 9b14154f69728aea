package dev.watchtower.ingest.query;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Queries for comparison with Prometheus: hand-picked ones, and random ones from a seed. */
final class PromqlQueries {
  /** One of each thing that is supported. */
  static final List<String> QUERIES =
      List.of(
          "gauge",
          "gauge{job=\"a\"}",
          "gauge{job!=\"a\",inst=~\"1|2\"}",
          "gauge offset 90s",
          "-gauge",
          "gauge > 050",
          "gauge > 50",
          "label_replace(gauge, \"x\", \"\\xc3\\251\", \"\", \"\")",
          "gauge > bool 50",
          "50 >= gauge",
          "gauge % 7 ^ 2 - 3",
          "rate(counter[1m])",
          "rate(counter[5m])",
          "increase(counter[100s])",
          "irate(counter[1m])",
          "idelta(gauge[1m])",
          "delta(gauge[77s])",
          "deriv(gauge[2m])",
          "predict_linear(gauge[2m], 60)",
          "resets(counter[10m])",
          "changes(gauge[3m])",
          "avg_over_time(gauge[1m])",
          "min_over_time(gauge[1m])",
          "max_over_time(gauge[1m])",
          "sum_over_time(gauge[1m] offset 1m)",
          "count_over_time(gauge[1m])",
          "last_over_time(gauge[1m])",
          "present_over_time(gauge[1m])",
          "absent_over_time(gauge{job=\"none\"}[1m])",
          "stddev_over_time(gauge[1m])",
          "stdvar_over_time(gauge[1m])",
          "quantile_over_time(0.9, gauge[2m])",
          "sum(gauge)",
          "sum by (job) (gauge)",
          "avg without (inst) (gauge)",
          "min by (job) (gauge)",
          "max(gauge)",
          "count by (inst) (gauge)",
          "group by (job) (gauge)",
          "stddev(gauge)",
          "quantile(0.3, gauge)",
          "quantile by (job) (0.75, gauge)",
          "quantile(1.5, gauge)",
          "quantile_over_time(-1, gauge[2m])",
          "topk(2, gauge)",
          "bottomk by (job) (1, gauge)",
          "count_values(\"v\", floor(gauge / 40))",
          "histogram_quantile(0.5, sum by (le) (rate(hist_bucket[1m])))",
          "histogram_quantile(0.95, rate(hist_bucket[2m]))",
          "histogram_quantile(0.99, sum by (le, job) (increase(hist_bucket[5m])))",
          "sum(rate(counter{job=\"a\"}[1m])) / sum(rate(counter[1m]))",
          "rate(counter[1m]) / on(job, inst) gauge",
          "gauge * ignoring(inst, team) group_left(team) info",
          "gauge + on(job) group_left() info",
          "info * on(job) group_right(team) gauge",
          "gauge and on(job) info{job=\"a\"}",
          "gauge unless on(job) info{job=\"a\"}",
          "gauge{job=\"a\"} or gauge{job=\"b\"} or info",
          "(sum(rate(counter{job=\"none\"}[1m])) or 0 * sum(rate(counter[1m])))",
          "abs(gauge - 50)",
          "ceil(gauge)",
          "floor(gauge)",
          "round(gauge, 5)",
          "round(gauge)",
          "clamp(gauge, 20, 60)",
          "clamp_min(gauge, 30)",
          "clamp_max(gauge, 30)",
          "sgn(gauge - 50)",
          "sqrt(gauge)",
          "exp(gauge / 100)",
          "ln(gauge + 1)",
          "log2(gauge + 1)",
          "log10(gauge + 1)",
          "scalar(sum(gauge)) + 1",
          "scalar(gauge)",
          "vector(time())",
          "timestamp(gauge)",
          "absent(gauge{job=\"none\",x=~\"y\"})",
          "sum(gauge) by (job) > 100 and sum(gauge) by (job) < 10000",
          "1 + 2 * 3 ^ 2 ^ 0.5 - 4 % 3 / 2",
          "sparse",
          "rate(sparse[5m])",
          "avg_over_time(sparse[10m])",
          "max_over_time(rate(counter[1m])[5m:30s])",
          "avg_over_time(sum by (job) (gauge)[3m:])",
          "sum_over_time(gauge[2m:30s] offset 1m)",
          "rate((counter * 2)[5m:30s])",
          "gauge @ 1700000900",
          "rate(counter[2m] @ end() offset 8m)",
          "gauge - gauge @ start()",
          "gauge @ end() offset 7m",
          "max_over_time(gauge[5m:30s] @ 1700001001)",
          "holt_winters(gauge[5m], 0.3, 0.6)",
          "predict_linear(gauge[2m] offset 1m, 90)",
          "label_replace(gauge, \"host\", \"$1-${job}x\", \"inst\", \"([12])\")",
          "label_replace(gauge, \"both\", \"$2:$1\", \"inst\", \"(.)(.*)\")",
          "label_replace(gauge, \"inst\", \"\", \"job\", \"none\")",
          "label_join(gauge, \"where\", \"/\", \"job\", \"inst\", \"none\")",
          "hour(vector(time()))",
          "minute() + day_of_week() * 100",
          "day_of_month(gauge * 1e7)",
          "days_in_month(gauge * 1e8) + month(gauge * 1e8) + year(gauge * 1e8)",
          "day_of_year(gauge * 1e8)",
          "sin(gauge) + cos(gauge) * tan(gauge)",
          "sinh(gauge / 50) + cosh(gauge / 50) + tanh(gauge / 50)",
          "asin(gauge / 100) + acos(gauge / 100) + atan(gauge)",
          "asinh(gauge) + acosh(gauge + 1) + atanh(gauge / 101)",
          "deg(gauge) + rad(gauge) + pi()",
          "-1 ^ 2 + 1 ^ (0 / 0)");

  /** What Prometheus 2 answers otherwise, or does not know. */
  static final List<String> OF_VERSION_3 =
      List.of(
          "exact",
          "exact offset 30s",
          "exact offset -30s",
          "rate(exact[1m])",
          "rate(exact[59s])",
          "rate(exact[61s])",
          "increase(exact[5m])",
          "delta(exact[90s])",
          "irate(exact[61s])",
          "idelta(exact[2m])",
          "deriv(exact[2m])",
          "changes(exact[1m])",
          "resets(exact[3m])",
          "count_over_time(exact[1m])",
          "count_over_time(exact[30s])",
          "avg_over_time(exact[2m] offset 1m)",
          "sum_over_time(exact[2m] @ 1700000600)",
          "count_over_time(exact[2m:30s])",
          "count_over_time(exact[2m:20s] offset 10s)",
          "max_over_time(rate(exact[1m])[5m:30s])",
          "last_over_time(exact[1m])",
          "timestamp(exact)",
          "timestamp(exact offset 1s)",
          "exact > .123_456_789 * 0x_53",
          "{__name__=\"exact\",__name__!=\"x\"}",
          "{\"exact\",__name__=~\"ex.*\"}",
          "label_replace(exact, \"a.b\", \"$1\", \"__name__\", \"(.*)\")",
          "sum by (\"a.b\") (label_replace(exact, \"a.b\", \"x\", \"\", \"\"))",
          "count_values(\"a.b\", exact)",
          "rate(counter[1m])",
          "increase(counter[7m] offset 3m)");

  private static final List<String> RAW = List.of("gauge", "counter", "sparse");
  private static final List<String> MATCHERS =
      List.of(
          "",
          "",
          "",
          "{job=\"a\"}",
          "{job!=\"a\"}",
          "{inst=~\"1|3\"}",
          "{inst!~\"2.*\"}",
          "{job=~\".+\",inst!=\"1\"}",
          "{job=\"none\"}");
  private static final List<String> OVER_RANGE =
      List.of(
          "delta",
          "idelta",
          "deriv",
          "avg_over_time",
          "min_over_time",
          "max_over_time",
          "sum_over_time",
          "count_over_time",
          "last_over_time",
          "stddev_over_time",
          "stdvar_over_time",
          "present_over_time");
  private static final List<String> AGGREGATIONS =
      List.of("sum", "avg", "min", "max", "count", "group", "stddev", "stdvar");
  private static final List<String> GROUPINGS =
      List.of(
          "", "", " by (job)", " by (inst)", " by (job, inst)", " without (inst)", " without (le)");

  private final Random random;
  private boolean inSubquery;

  private PromqlQueries(long seed) {
    this.random = new Random(seed);
  }

  /**
   * Random queries. Where rounding could decide (rounding functions, equality, small differences as
   * divisors) only stored values are used, so that two right answers are close to each other.
   */
  static List<String> random(long seed, int count) {
    var queries = new PromqlQueries(seed);
    return java.util.stream.Stream.generate(() -> queries.vector(3)).limit(count).toList();
  }

  private String vector(int depth) {
    if (depth == 0) {
      return selector();
    }
    return switch (random.nextInt(16)) {
      // Prometheus 2 extrapolates counters near zero otherwise than 3 and we.
      case 0 ->
          one(List.of("rate", "increase", "irate"))
              + "(counter"
              + one(MATCHERS)
              + "["
              + span()
              + one(List.of("", "", inSubquery ? "" : ":30s"))
              + "]"
              + modifier()
              + ")";
      case 1, 2 -> one(OVER_RANGE) + "(" + range(depth - 1) + ")";
      case 3 -> "quantile_over_time(" + share() + ", " + range(depth - 1) + ")";
      case 4 -> one(List.of("changes", "resets")) + "(" + raw() + "[" + span() + "])";
      case 5, 6 -> one(AGGREGATIONS) + one(GROUPINGS) + " (" + vector(depth - 1) + ")";
      case 7 -> "quantile" + one(GROUPINGS) + " (" + share() + ", " + vector(depth - 1) + ")";
      case 8 ->
          one(List.of("topk", "bottomk"))
              + one(GROUPINGS)
              + " ("
              + (1 + random.nextInt(3))
              + ", gauge"
              + one(MATCHERS)
              + ")";
      case 9 -> onValues();
      case 10 -> withNumber(vector(depth - 1));
      case 11, 12 -> betweenVectors(depth);
      case 13 -> histogramQuantile();
      case 14 -> relabelled(depth);
      default -> "-" + "(" + vector(depth - 1) + ")";
    };
  }

  private String onValues() {
    return switch (random.nextInt(7)) {
      case 0 -> one(List.of("floor", "ceil", "round", "sgn")) + "(" + selector() + " - 50)";
      case 1 -> "round(" + selector() + ", 0.5)";
      case 2 -> "clamp(" + selector() + ", 20, 60.5)";
      case 3 -> one(List.of("clamp_min", "clamp_max")) + "(" + selector() + ", 41.5)";
      case 4 -> one(List.of("ln", "log2", "log10", "sqrt", "abs")) + "(" + selector() + ")";
      case 5 -> one(List.of("sin", "cos", "atan", "tanh", "rad")) + "(gauge" + one(MATCHERS) + ")";
      default -> selector() + " % 7.25";
    };
  }

  private String withNumber(String vector) {
    var number = String.valueOf(1 + random.nextInt(2000) / 16.0 + 0.013);
    var operator =
        switch (random.nextInt(3)) {
          case 0 -> one(List.of("+", "-", "*"));
          case 1 -> one(List.of(">", "<", ">=", "<=", "> bool", "<= bool", "!= bool"));
          default -> "/";
        };
    return random.nextInt(4) == 0 && !operator.equals("/")
        ? number + " " + operator + " (" + vector + ")"
        : "(" + vector + ") " + operator + " " + number;
  }

  private String betweenVectors(int depth) {
    Supplier<String> side = () -> "(" + vector(depth - 1) + ")";
    return switch (random.nextInt(7)) {
      case 0 -> side.get() + one(List.of(" and ", " or ", " unless ")) + matching() + side.get();
      case 1 -> side.get() + one(List.of(" + ", " - ", " * ")) + matching() + side.get();
      case 2 -> side.get() + " / " + matching() + raw();
      case 3 -> side.get() + one(List.of(" > ", " < ", " >= bool ")) + matching() + side.get();
      case 4 -> side.get() + " * on(job) group_left(team) info";
      case 5 -> "info" + one(List.of(" + ", " > ")) + "on(job) group_right() " + side.get();
      default -> side.get() + " unless on(job, inst) " + side.get();
    };
  }

  private String matching() {
    return one(List.of("", "", "on(job, inst) ", "ignoring(le) ", "on(job) ", "ignoring(inst) "));
  }

  private String histogramQuantile() {
    var counts =
        one(List.of("rate", "increase")) + "(hist_bucket" + one(MATCHERS) + "[" + span() + "])";
    var grouped = one(List.of("sum by (le) (%s)", "sum by (le, job) (%s)", "%s")).formatted(counts);
    return "histogram_quantile(" + share() + ", " + grouped + ")";
  }

  private String relabelled(int depth) {
    return random.nextBoolean()
        ? "label_replace(%s, \"copy\", \"$1\", \"%s\", \"(.*)\")"
            .formatted(vector(depth - 1), one(List.of("job", "inst")))
        : "label_join(%s, \"both\", \"-\", \"job\", \"inst\")".formatted(vector(depth - 1));
  }

  private String range(int depth) {
    if (depth > 0 && !inSubquery && random.nextInt(3) == 0) {
      // One in another would have its steps on borders.
      inSubquery = true;
      var operand = vector(depth - 1);
      inSubquery = false;
      var step = one(List.of("30s", "", "90s"));
      return "(" + operand + ")[" + span() + ":" + step + "]" + modifier();
    }
    return raw() + "[" + span() + "]" + modifier();
  }

  private String selector() {
    return raw() + modifier();
  }

  private String raw() {
    return one(RAW) + one(MATCHERS);
  }

  private String modifier() {
    return switch (random.nextInt(9)) {
      case 0 -> " offset " + one(List.of("30s", "3m", "-60s"));
      case 1 -> " @ " + one(List.of("1700000981", "start()", "end()"));
      case 2 -> " @ end() offset 7m";
      default -> "";
    };
  }

  private String span() {
    return one(List.of("30s", "1m", "90s", "2m", "5m", "10m"));
  }

  private String share() {
    return one(List.of("0", "0.25", "0.5", "0.9", "0.95", "1"));
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
