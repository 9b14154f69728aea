package dev.watchtower.ingest.bench;

import dev.watchtower.ingest.bench.WindowScore.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A folder of recordings: CSV files below {@code data/}, perhaps gzipped, and, where the truth is
 * known, {@code windows.json} or {@code labels.json}.
 */
final class DataSet {
  /** Milliseconds between rows that have numbers only. */
  private static final long ROW_STEP = 300_000;

  private final Path data;
  private final JsonNode windows;
  private final JsonNode labels;

  private final List<Path> files;

  private DataSet(Path folder, Path data) throws IOException {
    this.data = data;
    this.files = files(data);
    this.windows = json(folder.resolve("windows.json"));
    this.labels = json(folder.resolve("labels.json"));
  }

  /** The data sets of a folder: itself, those in it, or its own files where there is neither. */
  static List<DataSet> in(Path folder) throws IOException {
    if (Files.isDirectory(folder.resolve("data"))) {
      return List.of(new DataSet(folder, folder.resolve("data")));
    }
    List<DataSet> sets = new ArrayList<>();
    try (Stream<Path> children = Files.list(folder)) {
      for (Path child : children.sorted().toList()) {
        if (Files.isDirectory(child.resolve("data"))) {
          sets.add(new DataSet(child, child.resolve("data")));
        }
      }
    }
    return sets.isEmpty() ? List.of(new DataSet(folder, folder)) : sets;
  }

  /** The CSV files in it, by path. */
  List<Path> files() {
    return files;
  }

  private static List<Path> files(Path data) throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      return all.filter(Files::isRegularFile)
          .filter(p -> p.toString().endsWith(".csv") || p.toString().endsWith(".csv.gz"))
          .sorted()
          .toList();
    }
  }

  Recording read(Path file) throws IOException {
    String name = data.relativize(file).toString().replace('\\', '/');
    return Recording.read(
        file, name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name, ROW_STEP);
  }

  /** Whether it says where the anomalies of single metrics are. */
  boolean hasWindows() {
    return !windows.isEmpty();
  }

  /** Whether it says which rows of services are anomalous. */
  boolean hasSegments() {
    return !labels.isEmpty();
  }

  /** The labelled windows of a file, as rows. */
  List<Span> windows(Recording recording) {
    List<Span> spans = new ArrayList<>();
    for (JsonNode window : windows.path(recording.file())) {
      long from = Recording.time(window.get(0).asString());
      long to = Recording.time(window.get(1).asString());
      int first = -1;
      int last = -1;
      for (int i = 0; i < recording.millis().length; i++) {
        if (recording.millis()[i] >= from && recording.millis()[i] <= to) {
          first = first < 0 ? i : first;
          last = i;
        }
      }
      if (first >= 0) {
        spans.add(new Span(first, last));
      }
    }
    return spans;
  }

  /** A service's scores with its labels. */
  SegmentScore.Service labelled(Recording recording, double[] scores) {
    JsonNode label = labels.path(recording.file());
    List<Span> spans = new ArrayList<>();
    for (JsonNode segment : label.path("segments")) {
      spans.add(new Span(segment.get(0).asInt(), segment.get(1).asInt()));
    }
    double step = label.path("step_seconds").asDouble(ROW_STEP / 1000.0);
    return new SegmentScore.Service(
        recording.file(), scores, spans, label.path("scored_from").asInt(0), 86_400 / step);
  }

  private static JsonNode json(Path file) {
    JsonMapper mapper = JsonMapper.builder().build();
    return Files.exists(file) ? mapper.readTree(file.toFile()) : mapper.createObjectNode();
  }
}
