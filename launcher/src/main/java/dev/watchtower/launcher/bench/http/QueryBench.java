package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.bench.Latencies;
import dev.watchtower.launcher.bench.SeriesLoad;
import dev.watchtower.launcher.bench.http.IngestBench.Contender;
import dev.watchtower.launcher.files.Trees;
import dev.watchtower.launcher.suite.Layout;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Measures range queries in Prometheus' form: the same samples are written to Watchtower and to
 * what else is installed, one system after the other, and each answers the same queries one at a
 * time. Then how long it takes until a sample whose write was answered is seen by a query.
 */
public final class QueryBench {
  /** Series of the hour that all of them have. */
  private static final int SERIES = 18_000;

  /** Series of one service, which have the whole day. */
  private static final int SERIES_OF_A_DAY = 90;

  private static final int WARM_UP = 30;
  private static final int MEASURED = 100;
  private static final int CONNECTIONS = 4;
  private static final Duration SEAL_AGE = Duration.ofSeconds(15);
  private static final String ONE =
      "http_server_requests_seconds_count{service=\"service-0-0\",uri=\"/api/v1/resource/00\"}";

  /**
   * What a query asks for.
   *
   * @param span how far it goes back, with a step of 15 s
   */
  private record Question(String name, String expression, Duration span) {}

  private static final List<Question> QUESTIONS =
      List.of(
          new Question("one series, 1 h", ONE, Duration.ofHours(1)),
          new Question("one series, 24 h", ONE, Duration.ofHours(24)),
          new Question(
              "sum by (service) (rate) of 2,000 series, 1 h",
              "sum by (service) (rate(http_server_requests_seconds_count[1m]))",
              Duration.ofHours(1)));

  private final BenchSuite suites;
  private final Layout layout;
  private final Clock clock;
  private final Consumer<String> progress;

  /** A bench on suites of {@code suites}, with scratch files in {@code layout}. */
  public QueryBench(BenchSuite suites, Layout layout, Clock clock, Consumer<String> progress) {
    this.suites = suites;
    this.layout = layout;
    this.clock = clock;
    this.progress = progress;
  }

  /** By system, then by question. */
  public Map<String, Map<String, Latencies>> run(Set<Contender> systems)
      throws IOException, InterruptedException {
    var folder = layout.data().resolve("bench-load");
    var all = new LinkedHashMap<String, Map<String, Latencies>>();
    try {
      for (var system : systems) {
        Trees.delete(folder);
        Files.createDirectories(folder);
        var found = WriteTarget.of(system, suites, SEAL_AGE, folder);
        if (found.isEmpty()) {
          progress.accept("  " + system + " is not installed; left out.");
          continue;
        }
        try (var target = found.get()) {
          all.put(target.name(), measure(target, folder));
        }
      }
    } finally {
      Trees.delete(folder);
    }
    return all;
  }

  private Map<String, Latencies> measure(WriteTarget target, Path folder)
      throws IOException, InterruptedException {
    long end = clock.millis() / SeriesLoad.INTERVAL * SeriesLoad.INTERVAL;
    long samples = 0;
    long hour = Duration.ofHours(1).toMillis();
    // The day of one service first: nothing may come out of order.
    var day =
        List.of(
            load(folder, 0, SERIES_OF_A_DAY, end - 24 * hour, end - hour, SERIES_OF_A_DAY * 20));
    samples += send(target, day);
    var lastHour = new ArrayList<LoadFile>();
    for (int i = 0; i < CONNECTIONS; i++) {
      int own = SERIES / CONNECTIONS;
      lastHour.add(load(folder, i, own, end - hour, end, own));
    }
    samples += send(target, lastHour);
    target.settle(samples);
    progress.accept("  %s: %,d samples are in; asking ...".formatted(target.name(), samples));
    var answers = new LinkedHashMap<String, Latencies>();
    for (var question : QUESTIONS) {
      answers.put(question.name(), ask(target, question, end));
    }
    progress.accept("  %s: writing and looking ...".formatted(target.name()));
    answers.put(
        "what was written, after the answer", new Visibility(target).measure(clock.millis()));
    return answers;
  }

  /** Whole rounds only, so that no series lacks its last samples. */
  private static LoadFile load(
      Path folder, int connection, int series, long from, long to, int batch) throws IOException {
    long rounds = (to - from) / SeriesLoad.INTERVAL;
    return LoadFile.write(
        folder.resolve("load-" + connection),
        new SeriesLoad(connection, series, from),
        (int) (rounds * series / batch),
        batch);
  }

  private static long send(WriteTarget target, List<LoadFile> files)
      throws IOException, InterruptedException {
    var unused = new WriteLoad(files).run(target.port(), target.path(), target::token, 0, () -> {});
    return files.stream().mapToLong(file -> (long) file.bodies() * file.samples()).sum();
  }

  private static Latencies ask(WriteTarget target, Question question, long end) throws IOException {
    var path =
        "/api/v1/query_range?step=15&start=%s&end=%s&query=%s"
            .formatted(
                seconds(end - question.span().toMillis()),
                seconds(end),
                URLEncoder.encode(question.expression(), StandardCharsets.UTF_8));
    var latencies = new ArrayList<Duration>();
    for (int i = 0; i < WARM_UP + MEASURED; i++) {
      long begin = System.nanoTime();
      int length = target.fetch(path).length;
      if (length < 1000) {
        throw new Refusal(
            target.name() + " answers '" + question.name() + "' with next to nothing.");
      }
      if (i >= WARM_UP) {
        latencies.add(Duration.ofNanos(System.nanoTime() - begin));
      }
    }
    return new Latencies(latencies);
  }

  private static String seconds(long millis) {
    return BigDecimal.valueOf(millis, 3).toPlainString();
  }
}
