package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.bench.Latencies;
import dev.watchtower.launcher.bench.StormPlan;
import dev.watchtower.launcher.bench.http.BenchSuite;
import dev.watchtower.launcher.bench.http.StormBench;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench storm}. */
@Command(
    name = "storm",
    description = "Many signals at once -> incidents, messages, latency, growth of the database.",
    mixinStandardHelpOptions = true)
final class StormBenchCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--signals",
      defaultValue = "10000",
      description = "How many, each of another fingerprint (default: ${DEFAULT-VALUE}).")
  private int signals;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "Within how much time (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--clusters",
      defaultValue = "20",
      description = "How many clusters of three services fail (default: ${DEFAULT-VALUE}).")
  private int clusters;

  @Option(
      names = "--at-once",
      defaultValue = "128",
      description =
          "How many are under way at most, sent and not answered (default: ${DEFAULT-VALUE}).")
  private int atOnce;

  StormBenchCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (signals < 1
        || signals > 1_000_000
        || seconds < 1
        || seconds > 3_600
        || clusters < 1
        || atOnce < 1) {
      throw new Refusal("1 to 1000000 signals, 1 to 3600 seconds, and 1 or more of the rest.");
    }
    var suites = new BenchSuite(shell.layout(), shell.clock(), shell.out()::println);
    var result =
        new StormBench(suites, atOnce, shell.clock(), shell.out()::println)
            .run(new StormPlan(clusters, signals), Duration.ofSeconds(seconds));
    shell
        .out()
        .printf(
            Locale.ROOT,
            """

            | signals | refused | answered within | p50 | p99 | max | incidents | messages | edits | database | CPU ms a signal |
            |---|---|---|---|---|---|---|---|---|---|---|
            | %d | %d | %.1f s | %s | %s | %s | %d | %d | %d | +%.1f MB | %.2f |
            """,
            signals,
            result.refused(),
            result.sending().toMillis() / 1000.0,
            Latencies.millis(result.latencies().quantile(0.5)),
            Latencies.millis(result.latencies().quantile(0.99)),
            Latencies.millis(result.latencies().max()),
            result.incidents(),
            result.posts(),
            result.edits(),
            result.growth() / 1e6,
            result.cpu().toNanos() / 1e6 / signals);
    return 0;
  }
}
