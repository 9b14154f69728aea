package dev.watchtower.analysis.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RcaBenchTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  private int run(String... args) throws IOException {
    return RcaBench.run(args, new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  private void record() throws IOException {
    Files.createDirectories(folder.resolve("metrics"));
    Files.writeString(
        folder.resolve("cases.csv"),
        "case_id,system,metrics_file,anomaly_time\nc1,shop,metrics/c1.csv.gz,1300\n");
    Files.writeString(folder.resolve("edges.csv"), "caller,callee\nfront,back\n");
    Files.writeString(
        folder.resolve("truth.csv"),
        "case_id,fault_type,root_cause_service,root_cause_metric\nc1,cpu,back,back_cpu\n");
    var random = new Random(1);
    try (var out =
        new OutputStreamWriter(
            new GZIPOutputStream(Files.newOutputStream(folder.resolve("metrics/c1.csv.gz"))),
            StandardCharsets.UTF_8)) {
      out.write("time,front_lat_90,back-db_cpu,other_cpu,entry_lat_90\n");
      for (int i = 0; i < 400; i++) {
        boolean bad = i >= 300;
        out.write(
            "%d,%s,%s,%s,%s%n"
                .formatted(
                    1_000 + i,
                    (bad ? 9 : 1) + 0.1 * random.nextGaussian(),
                    (bad ? 0.9 : 0.1) + 0.01 * random.nextGaussian(),
                    i % 17 == 0 ? "" : 0.3 + 0.01 * random.nextGaussian(),
                    bad ? 100 : 1));
      }
    }
  }

  @Test
  void ranksRecordedCasesAndScoresThemWhereTheTruthIsKnown() throws IOException {
    record();
    var csv = folder.resolve("out.csv");

    assertThat(run("--data", folder.toString(), "--out", csv.toString())).isZero();

    var lines = Files.readAllLines(csv);
    assertThat(lines.getFirst()).isEqualTo("case_id,rank,candidate,score");
    assertThat(lines.get(1)).startsWith("c1,1,back,");
    assertThat(lines).noneMatch(l -> l.contains("entry"));
    assertThat(printed()).contains("AC@1 1.000");
  }

  /** Back answers as fast as ever, and front waits longer for it; before and after it does not. */
  @Test
  void readsBothEndsOfTheCallsWhereTheyAreRecorded() throws IOException {
    Files.createDirectories(folder.resolve("metrics"));
    Files.createDirectories(folder.resolve("edge_latency"));
    Files.writeString(
        folder.resolve("cases.csv"),
        "case_id,system,metrics_file,anomaly_time\nc1,shop,metrics/c1.csv,180000\n");
    Files.writeString(folder.resolve("edges.csv"), "caller,callee\nfront,back\nfront,other\n");
    Files.writeString(
        folder.resolve("truth.csv"),
        "case_id,fault_type,root_cause_service,root_cause_metric\nc1,delay,back,\n");
    var random = new Random(1);
    var metrics = new StringBuilder("time,front_latency,back_latency,other_latency\n");
    var waited = new StringBuilder("time,timestamp,front_back,front_other\n");
    var worked = new StringBuilder("time,timestamp,front_back,front_other\n");
    for (int i = -60; i < 30; i++) {
      long at = 180_000 + 60L * i;
      boolean bad = i >= 0 && i < 4;
      if (i < 4) {
        metrics.append(at).append(',').append((bad ? 9 : 1) + 0.1 * random.nextGaussian());
        metrics.append(',').append(1 + 0.1 * random.nextGaussian());
        metrics.append(',').append(1 + 0.1 * random.nextGaussian()).append('\n');
      }
      waited.append("t,").append(at + 20).append(',').append((bad ? 9 : 2) + 0.1 * (i & 3));
      waited.append(',').append(2).append('\n');
      worked.append("t,").append(at + 21).append(",1,1\n");
    }
    Files.writeString(folder.resolve("metrics/c1.csv"), metrics);
    Files.writeString(folder.resolve("edge_latency/d_source_50.csv"), waited);
    Files.writeString(folder.resolve("edge_latency/d_destination_50.csv"), worked);
    var csv = folder.resolve("out.csv");

    assertThat(run("--data", folder.toString(), "--out", csv.toString())).isZero();
    assertThat(Files.readAllLines(csv).get(1)).startsWith("c1,1,back,");

    Files.delete(folder.resolve("edge_latency/d_destination_50.csv"));
    assertThat(run("--data", folder.toString(), "--out", csv.toString())).isZero();
    assertThat(Files.readAllLines(csv).get(1)).as("without it").startsWith("c1,1,front,");
  }

  @Test
  void saysHowItIsUsed() throws IOException {
    assertThat(run("--data", folder.toString())).isEqualTo(2);
    assertThat(run("--what", "x")).isEqualTo(2);
    assertThat(printed()).contains("usage: bench rca --data DIR --out CSV");
    assertThat(run("--data", folder.toString(), "--out", "x.csv")).isEqualTo(2);
    assertThat(printed()).contains("There is no cases.csv");
  }

  @Test
  void countsPlacesAsPublished() {
    assertThat(Score.place(List.of("a_cpu", "a-db_mem", "b_cpu"), "b")).isEqualTo(2);
    assertThat(Score.place(List.of("a"), "b")).isZero();
    var score = new Score();
    score.add(1);
    score.add(4);
    score.add(0);
    assertThat(score.at(1)).isEqualTo(1 / 3.0);
    assertThat(score.at(5)).isEqualTo(2 / 3.0);
    assertThat(score.average()).isBetween(0.466, 0.467);
  }
}
