package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.suite.JavaRuns;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/**
 * {@code bench detect} and {@code bench rca}: a service's own classes over recorded data, in a Java
 * process with that service's jar.
 */
@Command(mixinStandardHelpOptions = true)
final class RecordedBench implements Callable<Integer> {
  private final Shell shell;
  private final String module;
  private final String main;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "A data set, or a folder of data sets.")
  private Path data = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "CSV",
      description = "Where the result is written.")
  private Path out = Path.of("");

  @Unmatched private List<String> more = List.of();

  private RecordedBench(Shell shell, String module, String main) {
    this.shell = shell;
    this.module = module;
    this.main = main;
  }

  static CommandLine detect(Shell shell) {
    return line(
        new RecordedBench(shell, "ingest-service", "dev.watchtower.ingest.bench.DetectBench"),
        "detect",
        "Recorded metrics -> an anomaly score for every row.");
  }

  static CommandLine rca(Shell shell) {
    return line(
        new RecordedBench(shell, "analysis-service", "dev.watchtower.analysis.bench.RcaBench"),
        "rca",
        "Recorded incidents -> a ranking of suspects for each.");
  }

  private static CommandLine line(RecordedBench bench, String name, String description) {
    CommandSpec spec = CommandSpec.forAnnotatedObject(bench).name(name);
    spec.usageMessage().description(description);
    return new CommandLine(spec);
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var jar = new JavaRuns(shell.layout()).builtJar(module);
    if (!Files.exists(jar)) {
      throw new Refusal(
          module + " is not built yet: ./mvnw -Dfast -DskipTests package builds everything.");
    }
    var command =
        new ArrayList<>(
            List.of(
                JavaRuns.java(),
                "-XX:+UseSerialGC",
                "-Xmx1g",
                "-Dloader.main=" + main,
                "-cp",
                jar.toString(),
                "org.springframework.boot.loader.launch.PropertiesLauncher",
                "--data",
                data.toString(),
                "--out",
                out.toString()));
    command.addAll(more);
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
