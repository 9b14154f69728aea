package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.bench.Latencies;
import dev.watchtower.launcher.bench.http.BenchSuite;
import dev.watchtower.launcher.bench.http.LiveBench;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench live}. */
@Command(
    name = "live",
    description = "Sample sent -> message at each of many subscribers to live golden signals.",
    mixinStandardHelpOptions = true)
final class LiveBenchCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--subscribers",
      defaultValue = "1000",
      description = "How many (default: ${DEFAULT-VALUE}).")
  private int subscribers;

  @Option(
      names = "--messages",
      defaultValue = "30",
      description = "How many from each service, one every 1.1 s (default: ${DEFAULT-VALUE}).")
  private int messages;

  @Option(
      names = "--services",
      defaultValue = "20",
      description = "How many services each listens to (default: ${DEFAULT-VALUE}).")
  private int services;

  LiveBenchCommand(Shell shell) {
    this.shell = shell;
  }

  /** Each is remembered in the command's small heap. */
  private static final long MOST_DELIVERIES = 1_200_000;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if ((long) subscribers * services * messages > MOST_DELIVERIES) {
      throw new Refusal(
          "%,d deliveries at most: --subscribers, --services or --messages is too high."
              .formatted(MOST_DELIVERIES));
    }
    var suites = new BenchSuite(shell.layout(), shell.clock(), shell.out()::println);
    var result =
        new LiveBench(suites, shell.clock(), shell.out()::println)
            .run(subscribers, services, messages);
    long deliveries = result.latencies().count();
    shell
        .out()
        .printf(
            Locale.ROOT,
            """

            | subscribers | deliveries | of | p50 | p99 | max | CPU µs/delivery |
            |---|---|---|---|---|---|---|
            | %d | %d | %d | %s | %s | %s | %.1f |
            """,
            subscribers,
            deliveries,
            result.expected(),
            Latencies.millis(result.latencies().quantile(0.5)),
            Latencies.millis(result.latencies().quantile(0.99)),
            Latencies.millis(result.latencies().max()),
            result.cpu().toNanos() / 1e3 / deliveries);
    return 0;
  }
}
