package dev.watchtower.analysis.bench;

import dev.watchtower.analysis.ranking.CallTimes;
import dev.watchtower.analysis.ranking.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Recorded latencies of calls by edge of the call graph: {@code <day>_source_50.csv.gz} as the
 * callers saw them and {@code <day>_destination_50.csv.gz} as the callees did, with columns {@code
 * time,timestamp,<caller>_<callee>}. They run on through all incidents of a day, while the metrics
 * of a case are its quiet minutes put together; so the quiet minutes of the calls are put together
 * here in the same way: of the minutes that are not the incident's, those nearest to it in time.
 */
final class RecordedCalls {
  private static final long BEFORE = 60_000;
  private static final long AFTER = 360_000;
  private static final int FIRST_EDGE = 2;

  private final Map<String, NavigableMap<Long, Double>> waited = new LinkedHashMap<>();
  private final Map<String, NavigableMap<Long, Double>> worked = new LinkedHashMap<>();

  RecordedCalls(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (var file : files.sorted().toList()) {
        var name = String.valueOf(file.getFileName());
        if (name.contains("_source_")) {
          read(file, waited);
        } else if (name.contains("_destination_")) {
          read(file, worked);
        }
      }
    }
  }

  private static void read(Path file, Map<String, NavigableMap<Long, Double>> into)
      throws IOException {
    var rows = RecordedCases.rows(file);
    var header = rows.removeFirst();
    for (var row : rows) {
      long at = Long.parseLong(row.get(1)) * 1_000;
      for (int i = FIRST_EDGE; i < row.size(); i++) {
        if (!row.get(i).isEmpty()) {
          into.computeIfAbsent(header.get(i), k -> new TreeMap<>())
              .put(at, Double.parseDouble(row.get(i)));
        }
      }
    }
  }

  /**
   * The time on the way to each callee.
   *
   * @param anomalyTime Unix seconds
   * @param like a metric of the case, whose times are taken over
   */
  List<Series> network(long anomalyTime, Series like) {
    long begin = anomalyTime * 1_000;
    var edges = new ArrayList<CallTimes.Edge>();
    waited.forEach((edge, values) -> {
      var other = worked.get(edge);
      int split = edge.indexOf('_');
      if (other != null && split > 0) {
        var caller = edge.substring(0, split);
        var callee = edge.substring(split + 1);
        edges.add(
            new CallTimes.Edge(
                caller,
                callee,
                series(caller, values, begin, like),
                series(callee, other, begin, like)));
      }
    });
    return CallTimes.network(edges);
  }

  private static Series series(
      String service, NavigableMap<Long, Double> recorded, long begin, Series like) {
    long[] millis = like.millis();
    double[] values = new double[millis.length];
    Arrays.fill(values, Double.NaN);
    int quiet = 0;
    for (int i = 0; i < millis.length; i++) {
      if (millis[i] < begin) {
        quiet++;
      } else {
        var entry = recorded.floorEntry(millis[i]);
        if (entry != null && millis[i] - entry.getKey() < BEFORE) {
          values[i] = entry.getValue();
        }
      }
    }
    var around =
        recorded.entrySet().stream()
            .filter(e -> e.getKey() < begin - BEFORE || e.getKey() > begin + AFTER)
            .sorted(Comparator.comparingLong(e -> Math.abs(e.getKey() - begin)))
            .limit(quiet)
            .sorted(Map.Entry.comparingByKey())
            .toList();
    int at = quiet - around.size();
    for (var entry : around) {
      values[at++] = entry.getValue();
    }
    return new Series(service, "latency", millis, values, Series.Unit.UNKNOWN);
  }
}
