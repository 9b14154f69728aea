package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.bench.IngestFigures;
import dev.watchtower.launcher.bench.Latencies;
import dev.watchtower.launcher.bench.SeriesLoad;
import dev.watchtower.launcher.files.Trees;
import dev.watchtower.launcher.suite.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Measures the write door: the same remote-write requests, over some connections, to Watchtower and
 * to what else is installed, one system after the other.
 */
public final class IngestBench {
  /** Connections that send at the same time where nothing else is said. */
  static final int CONNECTIONS = 4;

  /** Samples in each request. */
  public static final int BATCH = 5000;

  private static final Duration SEAL_AGE = Duration.ofSeconds(30);
  private static final double WARM_UP = 0.2;

  private final BenchSuite suites;
  private final Layout layout;
  private final Clock clock;
  private final Consumer<String> progress;
  private final int connections;

  /**
   * A bench on suites of {@code suites}, with scratch files in {@code layout}.
   *
   * @param connections how many send at the same time, 1 or more
   */
  public IngestBench(
      BenchSuite suites, Layout layout, Clock clock, Consumer<String> progress, int connections) {
    this.suites = suites;
    this.layout = layout;
    this.clock = clock;
    this.progress = progress;
    this.connections = connections;
  }

  /** Which systems take part, in this order. */
  public enum Contender {
    WATCHTOWER,
    PROMETHEUS,
    VICTORIAMETRICS
  }

  /** Sends {@code samples} samples of {@code series} series to each of the systems. */
  public List<IngestFigures> run(Set<Contender> systems, int series, long samples)
      throws IOException, InterruptedException {
    var folder = layout.data().resolve("bench-load");
    var figures = new ArrayList<IngestFigures>();
    try {
      for (var system : systems) {
        // Made anew for each, because Prometheus takes nothing that is hours old.
        var files = makeLoad(folder, series, samples);
        measure(system, files, series, folder).ifPresent(figures::add);
      }
    } finally {
      Trees.delete(folder);
    }
    return figures;
  }

  /** The load of each connection, the last round of it now. */
  List<LoadFile> makeLoad(Path folder, int series, long samples) throws IOException {
    Trees.delete(folder);
    Files.createDirectories(folder);
    int bodies = (int) Math.max(10, samples / BATCH / connections);
    int own = series / connections;
    long rounds = (long) bodies * BATCH / own + 1;
    long first = clock.millis() - rounds * SeriesLoad.INTERVAL;
    var files = new ArrayList<LoadFile>();
    for (int i = 0; i < connections; i++) {
      files.add(
          LoadFile.write(
              folder.resolve("load-" + i), new SeriesLoad(i, own, first), bodies, BATCH));
    }
    return files;
  }

  private Optional<IngestFigures> measure(
      Contender system, List<LoadFile> files, int series, Path folder)
      throws IOException, InterruptedException {
    var found = WriteTarget.of(system, suites, SEAL_AGE, folder);
    if (found.isEmpty()) {
      progress.accept("  " + system + " is not installed; left out.");
      return Optional.empty();
    }
    try (var target = found.get()) {
      return Optional.of(measure(target, files, series));
    }
  }

  private IngestFigures measure(WriteTarget target, List<LoadFile> files, int series)
      throws IOException, InterruptedException {
    int bodies = files.getFirst().bodies();
    int warmUp = (int) (bodies * WARM_UP);
    try (var usage = new Usage(target.pids())) {
      var before = new Duration[1];
      var result =
          new WriteLoad(files)
              .run(
                  target.port(),
                  target.path(),
                  target::token,
                  warmUp,
                  () -> before[0] = usage.cpu());
      progress.accept("  %s: sent; waiting until it has settled ...".formatted(target.name()));
      long all = (long) bodies * BATCH * files.size();
      target.settle(all);
      var cpu = usage.cpu().minus(before[0]);
      long measured = (long) (bodies - warmUp) * BATCH * files.size();
      long peak = usage.peakBytes();
      return new IngestFigures(
          target.name(),
          series,
          measured,
          result.took(),
          new Latencies(result.latencies()),
          cpu,
          target.bytesPerSample(all),
          peak);
    }
  }
}
