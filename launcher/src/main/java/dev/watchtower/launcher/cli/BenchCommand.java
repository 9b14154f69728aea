package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.bench.Latencies;
import dev.watchtower.launcher.bench.http.AlertBench;
import dev.watchtower.launcher.bench.http.BenchSuite;
import dev.watchtower.launcher.bench.http.StartBench;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench}: measures Watchtower on this machine. */
@Command(
    name = "bench",
    description = "Measures Watchtower on this machine, on data and ports of its own.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class BenchCommand {
  private static final int MOST = 1000;
  private static final int MOST_SERIES = 200_000;
  private static final int SERIES_STEP = 20;

  private BenchCommand() {}

  static CommandLine line(Shell shell) {
    var line = new CommandLine(new BenchCommand());
    line.addSubcommand(new Alert(shell));
    line.addSubcommand(new Start(shell));
    line.addSubcommand("detect", RecordedBench.detect(shell));
    line.addSubcommand("rca", RecordedBench.rca(shell));
    line.addSubcommand(new IngestBenchCommand(shell));
    line.addSubcommand(new LiveBenchCommand(shell));
    line.addSubcommand(new QueryBenchCommand(shell));
    line.addSubcommand(new StormBenchCommand(shell));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  /** {@code bench alert}. */
  @Command(
      name = "alert",
      description = "Breach sample accepted -> signal at incident-service -> request at Discord.",
      mixinStandardHelpOptions = true)
  static final class Alert implements Callable<Integer> {
    private final Shell shell;

    @Option(names = "--count", defaultValue = "50", description = "How many breaches.")
    private int count;

    @Option(
        names = "--series",
        defaultValue = "10000",
        description =
            "Series that send a sample each second meanwhile (default: ${DEFAULT-VALUE}).")
    private int series;

    @Option(names = "--out", paramLabel = "FILE", description = "Writes every measurement as CSV.")
    private @Nullable Path out;

    Alert(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      checked("--count", count);
      if (series < 0 || series > MOST_SERIES || series % SERIES_STEP != 0) {
        throw new Refusal(
            "--series is %d, but 0 to %d in steps of %d is possible."
                .formatted(series, MOST_SERIES, SERIES_STEP));
      }
      var suites = new BenchSuite(shell.layout(), shell.clock(), shell.out()::println);
      var measured = new AlertBench(suites, shell.clock(), shell.out()::println).run(count, series);
      shell
          .out()
          .printf(
              "%n%d breaches, %d series flowing%n%n| to | p50 | p99 | max |%n|---|---|---|---|%n",
              count, series);
      row("incident-service", measured.toIncident());
      row("Discord", measured.toDiscord());
      var lines = new ArrayList<>(List.of("breach,incident_millis,discord_millis"));
      for (int i = 0; i < count; i++) {
        lines.add(
            "%d,%.3f,%.3f"
                .formatted(
                    i + 1,
                    measured.toIncident().get(i).toNanos() / 1e6,
                    measured.toDiscord().get(i).toNanos() / 1e6));
      }
      write(out, lines);
      return 0;
    }

    private void row(String to, Latencies latencies) {
      shell
          .out()
          .printf(
              "| %s | %s | %s | %s |%n",
              to,
              Latencies.millis(latencies.quantile(0.5)),
              Latencies.millis(latencies.quantile(0.99)),
              Latencies.millis(latencies.max()));
    }
  }

  /** {@code bench start}. */
  @Command(
      name = "start",
      description = "Seconds until all is healthy, and the memory of each process.",
      mixinStandardHelpOptions = true)
  static final class Start implements Callable<Integer> {
    private final Shell shell;

    @Option(names = "--runs", defaultValue = "3", description = "How many starts.")
    private int runs;

    @Option(names = "--out", paramLabel = "FILE", description = "Writes every measurement as CSV.")
    private @Nullable Path out;

    Start(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
      checked("--runs", runs);
      var suites = new BenchSuite(shell.layout(), shell.clock(), shell.out()::println);
      var all = new StartBench(suites, shell.layout(), shell.out()::println).run(runs);
      var last = all.getLast();
      var lines = new ArrayList<>(List.of("run,process,healthy_after_seconds,resident_bytes"));
      shell.out().printf("%n| process | healthy after | memory |%n|---|---|---|%n");
      last.processes()
          .forEach((name, process) ->
              shell
                  .out()
                  .printf(
                      Locale.ROOT,
                      "| %s | %.1f s | %d MB |%n",
                      name,
                      process.healthyAfter().toMillis() / 1000.0,
                      process.residentBytes() >> 20));
      long sum = last.processes().values().stream().mapToLong(p -> p.residentBytes()).sum();
      shell
          .out()
          .printf(
              Locale.ROOT,
              "| all | %.1f s | %d MB |%n",
              last.toHealthy().toMillis() / 1000.0,
              sum >> 20);
      for (int i = 0; i < all.size(); i++) {
        int run = i + 1;
        all.get(i)
            .processes()
            .forEach((name, process) ->
                lines.add(
                    "%d,%s,%s,%d"
                        .formatted(
                            run,
                            name,
                            process.healthyAfter().toMillis() / 1000.0,
                            process.residentBytes())));
      }
      write(out, lines);
      return 0;
    }
  }

  private static void checked(String option, int value) {
    if (value < 1 || value > MOST) {
      throw new Refusal(option + " is " + value + ", but 1 to " + MOST + " is possible.");
    }
  }

  private static void write(@Nullable Path file, List<String> lines) throws IOException {
    if (file != null) {
      Files.write(file, lines);
    }
  }
}
