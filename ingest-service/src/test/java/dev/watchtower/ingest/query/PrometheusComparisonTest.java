package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The engine against a real Prometheus with the same samples, where one is installed (Debian:
 * {@code apt-get install prometheus}). Its 2.x closes ranges on the left where 3.x and we leave
 * them open; so no sample lies exactly on a border here.
 */
class PrometheusComparisonTest {
  private static final long START = 1_700_000_000;
  private static final int SECONDS = 1_800;
  private static final long SEED = 20_260_101;
  private static final List<String> QUERIES =
      List.of(
          "gauge",
          "gauge{job=\"a\"}",
          "gauge{job!=\"a\",inst=~\"1|2\"}",
          "gauge offset 90s",
          "-gauge",
          "gauge > 50",
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
          "avg_over_time(sparse[10m])");

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final HandMadeStore STORE = new HandMadeStore();
  private static final QueryEngine ENGINE =
      new QueryEngine(STORE, QueryLimits.DEFAULT, System::nanoTime);

  @TempDir private static Path dir;
  private static Process prometheus;
  private static int port;

  @BeforeAll
  static void samePrometheus() throws IOException, InterruptedException {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/prometheus"))
            && Files.isExecutable(Path.of("/usr/bin/promtool")),
        "no Prometheus is installed here");
    Files.writeString(dir.resolve("samples.txt"), samples());
    Process import_ =
        new ProcessBuilder(
                "promtool",
                "tsdb",
                "create-blocks-from",
                "openmetrics",
                dir.resolve("samples.txt").toString(),
                dir.resolve("data").toString())
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("promtool.log").toFile())
            .start();
    assertThat(import_.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(import_.exitValue()).as(Files.readString(dir.resolve("promtool.log"))).isZero();
    Files.writeString(dir.resolve("prometheus.yml"), "global: {}\n");
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    prometheus =
        new ProcessBuilder(
                "prometheus",
                "--config.file=" + dir.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + dir.resolve("data"),
                "--storage.tsdb.retention.time=100y",
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(dir.resolve("prometheus.log").toFile())
            .start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> call("/-/ready").statusCode() == 200);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (prometheus != null) {
      prometheus.destroy();
      prometheus.waitFor(10, TimeUnit.SECONDS);
    }
  }

  /** The samples in OpenMetrics text; the same go into our store. */
  private static String samples() {
    Random random = new Random(SEED);
    StringBuilder text = new StringBuilder();
    for (String job : List.of("a", "b")) {
      for (int inst = 1; inst <= 3; inst++) {
        String labels = "{job=\"" + job + "\",inst=\"" + inst + "\"}";
        double counter = 100_000;
        double gauge = 50;
        for (int t = random.nextInt(5); t < SECONDS; t += 5) {
          gauge = Math.clamp(gauge + random.nextGaussian() * 5, 0.5, 100);
          add(text, "gauge" + labels, t, random, gauge);
          counter = random.nextInt(60) == 0 ? 50_000 : counter + random.nextInt(100);
          if (random.nextInt(10) > 0) {
            add(text, "counter" + labels, t, random, counter);
          }
          if (t % 100 < 15) {
            add(text, "sparse" + labels, t, random, counter);
          }
        }
        long[] counts = {100_000, 200_000, 300_000, 400_000};
        String[] bounds = {"0.1", "0.5", "2.5", "+Inf"};
        for (int t = random.nextInt(10); t < SECONDS; t += 10) {
          int add = random.nextInt(50);
          for (int b = 0; b < bounds.length; b++) {
            counts[b] += add;
            add += random.nextInt(20);
            add(
                text,
                "hist_bucket{job=\"%s\",inst=\"%d\",le=\"%s\"}".formatted(job, inst, bounds[b]),
                t,
                null,
                counts[b]);
          }
        }
      }
      for (int t = 1; t < SECONDS; t += 30) {
        add(text, "info{job=\"" + job + "\",team=\"t" + job + "\"}", t, random, 2);
      }
    }
    return text.append("# EOF\n").toString();
  }

  private static void add(
      StringBuilder text, String series, int second, Random jitter, double value) {
    long millis = (START + second) * 1000 + 7 + (jitter == null ? 0 : jitter.nextInt(900));
    STORE.add(STORE.series(series), millis, value);
    text.append(series)
        .append(' ')
        .append(value)
        .append(' ')
        .append(java.math.BigDecimal.valueOf(millis, 3).toPlainString())
        .append('\n');
  }

  private static HttpResponse<String> call(String path) throws IOException, InterruptedException {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void givesTheSameAnswersAsPrometheus() throws IOException, InterruptedException {
    long from = START + 120;
    long to = START + SECONDS + 400;
    for (String query : QUERIES) {
      String answer =
          call("/api/v1/query_range?start=%d&end=%d&step=31&query=%s"
                  .formatted(from, to, URLEncoder.encode(query, StandardCharsets.UTF_8)))
              .body();
      JsonNode json = JsonMapper.shared().readTree(answer);
      assertThat(json.path("data").path("result").size()).as(query).isPositive();
      assertThat(json.path("status").asString()).as(answer).isEqualTo("success");
      compare(
          query,
          theirs(json.path("data").path("result")),
          ours(ENGINE.range(Parser.parse(query), from * 1000, to * 1000, 31_000)));
    }
  }

  private static void compare(
      String query, Map<String, Map<Long, Double>> theirs, Map<String, Map<Long, Double>> ours) {
    assertThat(ours.keySet()).as(query).isEqualTo(theirs.keySet());
    theirs.forEach((labels, points) -> {
      Map<Long, Double> mine = ours.get(labels);
      assertThat(mine.keySet()).as(query + " " + labels).isEqualTo(points.keySet());
      points.forEach((at, value) -> {
        if (!Double.valueOf(value).equals(mine.get(at))) {
          assertThat(mine.get(at))
              .as(query + " " + labels + " at " + at)
              .isCloseTo(value, within(Math.abs(value) * 1e-7 + 1e-9));
        }
      });
    });
  }

  private static Map<String, Map<Long, Double>> theirs(JsonNode result) {
    Map<String, Map<Long, Double>> all = new TreeMap<>();
    for (JsonNode series : result) {
      Map<String, String> labels = new TreeMap<>();
      series
          .path("metric")
          .properties()
          .forEach(e -> labels.put(e.getKey(), e.getValue().asString()));
      Map<Long, Double> points = new TreeMap<>();
      for (JsonNode pair : series.path("values")) {
        points.put(pair.get(0).asLong(), Numbers.parse(pair.get(1).asString()));
      }
      all.put(labels.toString(), points);
    }
    return all;
  }

  private static Map<String, Map<Long, Double>> ours(Value.Matrix matrix) {
    Map<String, Map<Long, Double>> all = new TreeMap<>();
    for (Value.Points points : matrix.series()) {
      Map<Long, Double> values = new TreeMap<>();
      for (int i = 0; i < points.times().length; i++) {
        values.put(points.times()[i] / 1000, points.values()[i]);
      }
      all.put(new TreeMap<>(points.labels().toMap()).toString(), values);
    }
    return all;
  }
}
