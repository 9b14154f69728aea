package dev.watchtower.analysis.bench;

import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.Series;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * A folder of recorded incidents: {@code cases.csv}, {@code metrics/*.csv.gz} with columns {@code
 * <service>_<metric>}, and {@code edges.csv} and {@code truth.csv} where there are such.
 */
final class RecordedCases {
  /** Columns of the front door: the symptom, not a service. */
  private static final String ENTRY = "entry";

  private final Path folder;
  private final RecordedCalls calls;

  RecordedCases(Path folder) throws IOException {
    this.folder = folder;
    this.calls = new RecordedCalls(folder.resolve("edge_latency"));
  }

  /**
   * One incident.
   *
   * @param anomalyTime Unix seconds
   */
  record Case(String id, String metricsFile, long anomalyTime) {}

  List<Case> cases() throws IOException {
    var rows = rows(folder.resolve("cases.csv"));
    var header = rows.removeFirst();
    int id = header.indexOf("case_id");
    int file = header.indexOf("metrics_file");
    int time = header.indexOf("anomaly_time");
    return rows.stream()
        .map(r -> new Case(r.get(id), r.get(file), Long.parseLong(r.get(time))))
        .toList();
  }

  /** The series of a case. */
  List<Series> series(Case one) throws IOException {
    var rows = rows(folder.resolve(one.metricsFile));
    var header = rows.removeFirst();
    long[] millis = new long[rows.size()];
    for (int i = 0; i < millis.length; i++) {
      millis[i] = Math.round(Double.parseDouble(rows.get(i).getFirst()) * 1000);
    }
    var all = new ArrayList<Series>();
    for (int column = 1; column < header.size(); column++) {
      var name = header.get(column);
      int split = name.indexOf('_');
      var service = split < 0 ? name : name.substring(0, split);
      if (service.equals(ENTRY)) {
        continue;
      }
      double[] values = new double[millis.length];
      for (int i = 0; i < values.length; i++) {
        var text = rows.get(i).get(column);
        values[i] = text.isEmpty() ? Double.NaN : Double.parseDouble(text);
      }
      all.add(new Series(service, name.substring(split + 1), millis, values, Series.Unit.UNKNOWN));
    }
    return all;
  }

  /** The time on the way of the calls of a case, with the same times as {@code like}. */
  List<Series> calls(Case one, Series like) {
    return calls.network(one.anomalyTime, like);
  }

  /** The calls, where they are recorded. */
  CallGraph graph(List<Series> series) throws IOException {
    Set<String> services = new LinkedHashSet<>();
    series.forEach(s -> services.add(s.service()));
    var file = folder.resolve("edges.csv");
    if (!Files.exists(file)) {
      return new CallGraph(List.of(), services);
    }
    var rows = rows(file);
    rows.removeFirst();
    return new CallGraph(
        rows.stream().map(r -> new CallGraph.Edge(r.get(0), r.get(1))).toList(), services);
  }

  /** The true cause of each case; empty without {@code truth.csv}. */
  Map<String, Truth> truth() throws IOException {
    var file = folder.resolve("truth.csv");
    Map<String, Truth> truth = new LinkedHashMap<>();
    if (Files.exists(file)) {
      var rows = rows(file);
      rows.removeFirst();
      rows.forEach(r -> truth.put(r.get(0), new Truth(r.get(1), r.get(2))));
    }
    return truth;
  }

  /** What was broken, and how. */
  record Truth(String fault, String service) {}

  static List<List<String>> rows(Path file) throws IOException {
    var raw = Files.newInputStream(file);
    try (var reader =
        new BufferedReader(
            new InputStreamReader(
                file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw,
                StandardCharsets.UTF_8))) {
      var rows = new ArrayList<List<String>>();
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.isBlank()) {
          rows.add(List.of(line.split(",", -1)));
        }
      }
      return rows;
    }
  }
}
