package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.bench.Latencies;
import dev.watchtower.launcher.bench.http.BenchSuite;
import dev.watchtower.launcher.bench.http.IngestBench.Contender;
import dev.watchtower.launcher.bench.http.QueryBench;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench query}. */
@Command(
    name = "query",
    description = {
      "Range queries over an hour and a day, one at a time; then how long what was written takes",
      "until a query sees it.",
      "Prometheus and VictoriaMetrics answer the same where Debian's packages are installed."
    },
    mixinStandardHelpOptions = true)
final class QueryBenchCommand implements Callable<Integer> {
  private final Shell shell;

  @Option(
      names = "--systems",
      split = ",",
      defaultValue = "watchtower,prometheus,victoriametrics",
      description = "Who takes part (default: ${DEFAULT-VALUE}).")
  private Set<Contender> systems = EnumSet.noneOf(Contender.class);

  QueryBenchCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var out = shell.out();
    var suites = new BenchSuite(shell.layout(), shell.clock(), out::println);
    var all = new QueryBench(suites, shell.layout(), shell.clock(), out::println).run(systems);
    out.printf("%n| system | query | asked | p50 | p99 |%n|---|---|---|---|---|%n");
    all.forEach((system, answers) ->
        answers.forEach((question, latencies) ->
            out.printf(
                "| %s | %s | %d | %s | %s |%n",
                system,
                question,
                latencies.count(),
                Latencies.millis(latencies.quantile(0.5)),
                Latencies.millis(latencies.quantile(0.99)))));
    return 0;
  }
}
