package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.bench.IngestFigures;
import dev.watchtower.launcher.bench.Latencies;
import dev.watchtower.launcher.bench.http.BenchSuite;
import dev.watchtower.launcher.bench.http.CrashBench;
import dev.watchtower.launcher.bench.http.IngestBench;
import dev.watchtower.launcher.bench.http.IngestBench.Contender;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench ingest}. */
@Command(
    name = "ingest",
    description = {
      "Samples a second at the write door, durable when they are acknowledged.",
      "Prometheus and VictoriaMetrics get the same load where Debian's packages are installed."
    },
    mixinStandardHelpOptions = true)
final class IngestBenchCommand implements Callable<Integer> {
  /** As many threads of the bench share the machine with what it measures. */
  private static final int MOST_CONNECTIONS = 64;

  private final Shell shell;

  @Option(
      names = "--series",
      split = ",",
      defaultValue = "10000,100000",
      description = "Numbers of series, one run for each (default: ${DEFAULT-VALUE}).")
  private List<Integer> series = List.of();

  @Option(
      names = "--samples",
      defaultValue = "4000000",
      description = "Samples for each system and run (default: ${DEFAULT-VALUE}).")
  private long samples;

  @Option(
      names = "--systems",
      split = ",",
      defaultValue = "watchtower,prometheus,victoriametrics",
      description = "Who takes part (default: ${DEFAULT-VALUE}).")
  private Set<Contender> systems = EnumSet.noneOf(Contender.class);

  @Option(
      names = "--connections",
      defaultValue = "4",
      description = "Connections that send at the same time (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--restart",
      description = {
        "Instead: kills ingest-service (signal 9) after --samples samples under full load,",
        "measures the restart and asks for everything that was acknowledged."
      })
  private boolean restart;

  IngestBenchCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    var out = shell.out();
    var suites = new BenchSuite(shell.layout(), shell.clock(), out::println);
    if (restart) {
      return restart(new CrashBench(suites, shell.layout(), shell.clock(), out::println));
    }
    if (connections < 1 || connections > MOST_CONNECTIONS) {
      throw new Refusal(
          "--connections is " + connections + "; 1 to " + MOST_CONNECTIONS + " can be.");
    }
    var bench = new IngestBench(suites, shell.layout(), shell.clock(), out::println, connections);
    for (int count : series) {
      out.printf("%,d series, %,d samples, connections: %d ...%n", count, samples, connections);
      table(bench.run(systems, count, samples));
    }
    return 0;
  }

  private int restart(CrashBench bench) throws IOException, InterruptedException {
    var result = bench.run(samples);
    shell
        .out()
        .printf(
            Locale.ROOT,
            "%n| acknowledged samples | found again | ready after |%n|---|---|---|%n"
                + "| %d | %d | %.1f s |%n",
            result.acknowledged(),
            result.found(),
            result.toReady().toMillis() / 1000.0);
    return result.found() == result.acknowledged() ? 0 : 1;
  }

  private void table(List<IngestFigures> all) {
    shell
        .out()
        .printf(
            "%n| system | series | samples/s | to the first | CPU µs/sample | p50 | p99 |"
                + " bytes/sample | peak MB |%n|---|---|---|---|---|---|---|---|---|%n");
    for (var figures : all) {
      shell
          .out()
          .printf(
              Locale.ROOT,
              "| %s | %d | %,.0f | %.2f | %.2f | %s | %s | %s | %d |%n",
              figures.system(),
              figures.series(),
              figures.rate(),
              figures.rate() / all.getFirst().rate(),
              figures.cpuMicros(),
              Latencies.millis(figures.latencies().quantile(0.5)),
              Latencies.millis(figures.latencies().quantile(0.99)),
              figures.diskBytes() < 0 ? "-" : "%.2f".formatted(figures.diskBytes()),
              figures.peakBytes() >> 20);
    }
    shell.out().println();
  }
}
