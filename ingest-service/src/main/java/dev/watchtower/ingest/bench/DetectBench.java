package dev.watchtower.ingest.bench;

import dev.watchtower.ingest.bench.SegmentScore.Service;
import dev.watchtower.ingest.bench.WindowScore.Profile;
import dev.watchtower.ingest.bench.WindowScore.Scored;
import dev.watchtower.ingest.detection.anomaly.Reading;
import dev.watchtower.ingest.detection.anomaly.SeriesDetector;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/**
 * {@code bench detect --data DIR --out CSV}: runs the production detector over recorded metrics as
 * a stream, one pass, the same settings for every file, writes {@code
 * file,timestamp,anomaly_score}, and prints how good it was where the truth is known. The truth is
 * read after the scores only. {@code --calm DAYS} (2 or more) simulates calm services too and
 * counts what anomaly rules say of them; {@code --generated COUNT} scores so many made-up series of
 * each kind.
 */
public final class DetectBench {
  private static final String USAGE =
      "usage: bench detect --data DIR --out CSV [--calm DAYS] [--generated COUNT]";

  private final PrintStream out;
  private final List<Scored> series = new ArrayList<>();
  private final List<Service> services = new ArrayList<>();
  private long nanos;
  private long points;
  private int files;

  private DetectBench(PrintStream out) {
    this.out = out;
  }

  /** Runs the bench; exits with 2 when the arguments cannot be used. */
  public static void main(String[] args) throws IOException {
    System.exit(run(args, System.out));
  }

  static int run(String[] args, PrintStream out) throws IOException {
    Path data = null;
    Path csv = null;
    int calm = 0;
    int generated = 0;
    for (int i = 0; i + 1 < args.length; i += 2) {
      switch (args[i]) {
        case "--data" -> data = Path.of(args[i + 1]);
        case "--out" -> csv = Path.of(args[i + 1]);
        case "--calm" -> calm = Integer.parseInt(args[i + 1]);
        case "--generated" -> generated = Integer.parseInt(args[i + 1]);
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
    if (!Files.isDirectory(data)) {
      out.println("There is no folder " + data + ".");
      return 2;
    }
    DetectBench bench = new DetectBench(out);
    List<DataSet> sets = DataSet.in(data);
    if (sets.stream().allMatch(set -> set.files().isEmpty())) {
      out.println("There is no .csv or .csv.gz file in " + data + ".");
      return 2;
    }
    bench.scoreAll(sets, csv);
    bench.report();
    if (calm > 1) {
      CalmBench.run(calm, out);
    }
    if (generated > 0) {
      GeneratedBench.run(generated, out);
    }
    return 0;
  }

  private void scoreAll(List<DataSet> sets, Path csv) throws IOException {
    try (Writer writer = writer(csv)) {
      for (DataSet set : sets) {
        List<Recording> together = new ArrayList<>();
        for (Path path : set.files()) {
          Recording recording = set.read(path);
          if (files++ == 0) {
            writer.write("file," + recording.axis() + ",anomaly_score\n");
          }
          if (recording.metrics() == 1) {
            take(set, recording, score(recording), writer);
          } else {
            together.add(recording);
          }
        }
        long began = System.nanoTime();
        List<double[]> scores = RecordedFleet.scores(together);
        nanos += System.nanoTime() - began;
        for (int i = 0; i < together.size(); i++) {
          take(set, together.get(i), scores.get(i), writer);
        }
      }
    }
  }

  private void take(DataSet set, Recording recording, double[] scores, Writer writer)
      throws IOException {
    points += (long) scores.length * recording.metrics();
    for (int i = 0; i < scores.length; i++) {
      writer.write(
          recording.file()
              + ','
              + recording.stamps().get(i)
              + ','
              + String.format(Locale.ROOT, "%.6f", scores[i])
              + '\n');
    }
    if (set.hasWindows()) {
      series.add(new Scored(recording.file(), scores, set.windows(recording)));
    }
    if (set.hasSegments()) {
      services.add(set.labelled(recording, scores));
    }
  }

  private static Writer writer(Path csv) throws IOException {
    OutputStream file = Files.newOutputStream(csv);
    return new BufferedWriter(
        new OutputStreamWriter(
            csv.toString().endsWith(".gz") ? new GZIPOutputStream(file) : file,
            StandardCharsets.UTF_8));
  }

  /** One score a row, each from that row and those before it. */
  private double[] score(Recording recording) {
    double[] scores = new double[recording.millis().length];
    long began = System.nanoTime();
    SeriesDetector detector = new SeriesDetector();
    for (int i = 0; i < scores.length; i++) {
      scores[i] = detector.observe(recording.millis()[i], recording.values()[i][0]).score();
    }
    nanos += System.nanoTime() - began;
    return scores;
  }

  private void report() {
    out.printf(
        Locale.ROOT,
        "%d files, %d values, %.2f us a value%n",
        files,
        points,
        points == 0 ? 0 : nanos / 1e3 / points);
    if (!series.isEmpty()) {
      for (Profile profile : Profile.values()) {
        WindowScore score = new WindowScore(profile, series);
        out.println(score.best().line(profile.label()));
        out.println(score.at(Reading.ALARM).line("  as it alarms"));
      }
      halves();
    }
    if (!services.isEmpty()) {
      out.println(SegmentScore.of(services).line());
    }
  }

  /**
   * The threshold of one half used on the other, so that a lucky one does not pass for a good one.
   */
  private void halves() {
    List<Scored> sorted =
        series.stream().sorted(Comparator.comparing((Scored s) -> s.file())).toList();
    List<Scored> even =
        IntStream.range(0, sorted.size()).filter(i -> i % 2 == 0).mapToObj(sorted::get).toList();
    List<Scored> odd =
        IntStream.range(0, sorted.size()).filter(i -> i % 2 == 1).mapToObj(sorted::get).toList();
    WindowScore first = new WindowScore(Profile.STANDARD, even);
    WindowScore second = new WindowScore(Profile.STANDARD, odd);
    out.println(first.at(second.best().threshold()).line("even files, odd's"));
    out.println(second.at(first.best().threshold()).line("odd files, even's"));
  }
}
