package dev.watchtower.analysis.bench;

import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.DeviationDetector;
import dev.watchtower.analysis.ranking.Ranker;
import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.analysis.ranking.Suspect;
import dev.watchtower.analysis.ranking.Window;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/**
 * {@code bench rca --data DIR --out CSV [--shift SECONDS]}: ranks recorded incidents with the
 * production classes, writes {@code case_id,rank,candidate,score}, and prints how good the ranking
 * was where the truth is known. The same settings for every folder; the truth is read after the
 * ranking only.
 */
public final class RcaBench {
  private static final String USAGE = "usage: bench rca --data DIR --out CSV [--shift SECONDS]";

  /** Ranking by onset is not finer than this, or than two steps of the recording. */
  private static final Duration LEAST_TOLERANCE = Duration.ofSeconds(10);

  private RcaBench() {}

  /** Runs the bench; exits with 2 when the arguments cannot be used. */
  public static void main(String[] args) throws IOException {
    System.exit(run(args, System.out));
  }

  static int run(String[] args, PrintStream out) throws IOException {
    Path data = null;
    Path csv = null;
    long shift = 0;
    for (int i = 0; i + 1 < args.length; i += 2) {
      switch (args[i]) {
        case "--data" -> data = Path.of(args[i + 1]);
        case "--out" -> csv = Path.of(args[i + 1]);
        case "--shift" -> shift = Long.parseLong(args[i + 1]);
        default -> {
          out.println(USAGE);
          return 2;
        }
      }
    }
    if (data == null || csv == null || args.length % 2 != 0) {
      out.println(USAGE);
      return 2;
    }
    if (!Files.exists(data.resolve("cases.csv"))) {
      out.println("There is no cases.csv in " + data + ".");
      return 2;
    }
    rankAll(new RecordedCases(data), csv, shift, out);
    return 0;
  }

  private static void rankAll(RecordedCases recorded, Path csv, long shift, PrintStream out)
      throws IOException {
    var lines = new ArrayList<String>();
    lines.add("case_id,rank,candidate,score");
    var truth = recorded.truth();
    var scores = new TreeMap<String, Score>();
    var whole = new Score();
    long nanos = 0;
    for (var one : recorded.cases()) {
      var series = recorded.series(one);
      series.addAll(recorded.calls(one, series.getFirst()));
      var graph = recorded.graph(series);
      long began = System.nanoTime();
      var suspects = rank(series, graph, one.anomalyTime() + shift);
      nanos += System.nanoTime() - began;
      for (int i = 0; i < suspects.size(); i++) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%s,%d,%s,%.6f",
                one.id(),
                i + 1,
                suspects.get(i).service(),
                suspects.get(i).score()));
      }
      var known = truth.get(one.id());
      if (known != null) {
        int place = Score.place(suspects.stream().map(Suspect::service).toList(), known.service());
        whole.add(place);
        scores.computeIfAbsent(known.fault(), k -> new Score()).add(place);
      }
    }
    Files.write(csv, lines, StandardCharsets.UTF_8);
    scores.forEach((fault, score) -> out.println(score.line(fault)));
    if (whole.cases() > 0) {
      out.println(whole.line("all"));
      out.printf(Locale.ROOT, "%.1f ms a case%n", nanos / 1e6 / whole.cases());
    }
  }

  private static List<Suspect> rank(List<Series> series, CallGraph graph, long anomalyTime) {
    var millis = series.getFirst().millis();
    var window =
        new Window(
            Instant.ofEpochMilli(millis[0]),
            Instant.ofEpochSecond(anomalyTime),
            Instant.ofEpochMilli(millis[millis.length - 1]));
    var step = Duration.ofMillis((millis[millis.length - 1] - millis[0]) / (millis.length - 1));
    var tolerance = step.multipliedBy(2);
    var detector = new DeviationDetector();
    var clear = new ArrayList<Deviation>();
    var slight = new ArrayList<Deviation>();
    for (var one : series) {
      detector
          .measure(one, window)
          .ifPresent(d -> (DeviationDetector.isClear(d) ? clear : slight).add(d));
    }
    var ranker = new Ranker(tolerance.compareTo(LEAST_TOLERANCE) < 0 ? LEAST_TOLERANCE : tolerance);
    var suspects = new ArrayList<>(ranker.rank(clear, slight, graph));
    // Recorded cases are scored on whole rankings: what shows nothing clear follows.
    var named = suspects.stream().map(Suspect::service).toList();
    ranker.rank(slight, graph).stream()
        .filter(s -> !named.contains(s.service()))
        .forEach(suspects::add);
    return suspects;
  }
}
