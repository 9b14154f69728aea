package dev.watchtower.ingest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.watchtower.ingest.bench.WindowScore.Profile;
import dev.watchtower.ingest.bench.WindowScore.Scored;
import dev.watchtower.ingest.bench.WindowScore.Span;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectBenchTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private int run(String... args) throws IOException {
    return DetectBench.run(args, new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void findsIncidentsOfSimulatedServicesAndIsSeldomWrong() {
    List<CalmBench.Result> results = CalmBench.results(1, 2, CalmBench.Incidents.ONE);

    CalmBench.Result service = results.getFirst();
    assertThat(service.rule()).isEqualTo("service");
    assertThat(service.incidents()).isEqualTo(4);
    assertThat(service.found()).isGreaterThanOrEqualTo(3);
    assertThat(service.meanDelay()).isLessThan(60);
    assertThat(service.alarms()).isLessThanOrEqualTo(6);
  }

  @Test
  void writesOneScoreForEveryRowAndPrintsHowGoodItWas() throws IOException {
    Files.createDirectories(folder.resolve("data/shop"));
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder("timestamp,value\n");
    for (int i = 0; i < 1000; i++) {
      csv.append("2026-01-0%d %02d:%02d:00,".formatted(1 + i / 288, i % 288 / 12, i % 12 * 5))
          .append((i >= 800 && i < 806 ? 90 : 10) + random.nextGaussian())
          .append('\n');
    }
    Files.writeString(folder.resolve("data/shop/cpu.csv"), csv.toString());
    Files.writeString(
        folder.resolve("windows.json"),
        "{\"shop/cpu.csv\": [[\"2026-01-03 17:20:00.000000\", \"2026-01-03 20:00:00.000000\"]]}");

    Path out = folder.resolve("out.csv");
    int code = run("--data", folder.toString(), "--out", out.toString());

    assertThat(code).isZero();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).hasSize(1001);
    assertThat(lines.getFirst()).isEqualTo("file,timestamp,anomaly_score");
    assertThat(lines.get(1)).isEqualTo("shop/cpu.csv,2026-01-01 00:00:00,0.000000");
    assertThat(printed()).contains("windows found 1 of 1  false rows 0");
  }

  @Test
  void takesSeveralMetricsOfOneServiceByRow() throws IOException {
    Files.createDirectories(folder.resolve("data"));
    Files.writeString(folder.resolve("data/a.csv"), "row,m00,m01\n0,1.0,\n1,2.0,3.0\n");

    Path out = folder.resolve("out.csv");
    int code = run("--data", folder.toString(), "--out", out.toString());

    assertThat(code).isZero();
    assertThat(Files.readAllLines(out)).hasSize(3).startsWith("file,row,anomaly_score");
  }

  @Test
  void saysWhatItCannotUse() throws IOException {
    String out = folder.resolve("out.csv").toString();

    assertThat(run()).isEqualTo(2);
    assertThat(run("--data", folder.resolve("none").toString(), "--out", out)).isEqualTo(2);
    assertThat(run("--data", folder.toString(), "--out", out)).isEqualTo(2);
    assertThat(printed()).contains("usage:", "There is no folder", "no .csv or .csv.gz file");
  }

  @Test
  void scoresByTheRuleOfTheBenchmark() {
    double[] scores = new double[100];
    scores[40] = 1;
    scores[59] = 1;
    scores[99] = 1;
    List<Span> windows = List.of(new Span(40, 49), new Span(70, 79));

    var result = new WindowScore(Profile.STANDARD, List.of(new Scored("a", scores, windows))).at(1);

    // The first window at its left edge: 1. The second is missed: -1. Two false rows: one a
    // window's width after the first, y = 10 / 9, one 20 rows after the second, y = 20 / 9.
    double first = 0.11 * (2 / (1 + Math.exp(50 / 9.0)) - 1);
    double second = 0.11 * (2 / (1 + Math.exp(100 / 9.0)) - 1);
    assertThat(result.raw()).isCloseTo(1 - 1 + first + second, within(1e-9));
    assertThat(result.score()).isCloseTo(100 * (result.raw() + 2) / 4, within(1e-9));
    assertThat(result.hits()).isEqualTo(1);
    assertThat(result.falseRows()).isEqualTo(2);
  }

  /** The scorer gives published detectors what their publishers' scorer gave them. */
  @Test
  void agreesWithPublishedResults() throws IOException {
    Path nab = publicData().resolve("nab");
    assumeThat(nab).isDirectory();
    DataSet set = DataSet.in(nab).getFirst();
    for (Published published :
        List.of(
            new Published("numenta", 73.5659, 68.1868, 77.4592, 52, 72),
            new Published("ARTime", 77.5773, 69.0306, 82.8657, 57, 100))) {
      Map<String, List<Double>> scores = scores(nab, published.detector);
      List<Scored> files = new ArrayList<>();
      for (Path file : set.files()) {
        Recording recording = set.read(file);
        double[] all =
            scores.get(recording.file()).stream().mapToDouble(Double::doubleValue).toArray();
        files.add(new Scored(recording.file(), all, set.windows(recording)));
      }

      var standard = new WindowScore(Profile.STANDARD, files).best();

      assertThat(standard.score()).isCloseTo(published.standard, within(0.0001));
      assertThat(standard.hits()).isEqualTo(published.hits);
      assertThat(standard.falseRows()).isEqualTo(published.falseRows);
      assertThat(new WindowScore(Profile.REWARD_LOW_FP, files).best().score())
          .isCloseTo(published.lowFalsePositives, within(0.0001));
      assertThat(new WindowScore(Profile.REWARD_LOW_FN, files).best().score())
          .isCloseTo(published.lowFalseNegatives, within(0.0001));
    }
  }

  private record Published(
      String detector,
      double standard,
      double lowFalsePositives,
      double lowFalseNegatives,
      int hits,
      int falseRows) {}

  private static Map<String, List<Double>> scores(Path nab, String detector) throws IOException {
    Map<String, List<Double>> scores = new HashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(nab.resolve("golden/" + detector + ".csv.gz"))),
                StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] cells = line.split(",", -1);
        scores.computeIfAbsent(cells[0], _ -> new ArrayList<>()).add(Double.valueOf(cells[2]));
      }
    }
    return scores;
  }

  /** The public data sets lie beside the project, where they are there at all. */
  private static Path publicData() {
    Path at = Path.of("").toAbsolutePath();
    while (at != null && !Files.isDirectory(at.resolve("shared/datasets"))) {
      at = at.getParent();
    }
    return at == null ? Path.of("absent") : at.resolve("shared/datasets");
  }
}
