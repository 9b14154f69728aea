package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.bench.SeriesLoad;
import dev.watchtower.launcher.files.Trees;
import dev.watchtower.launcher.suite.Layout;
import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Kills ingest-service (signal 9) in the middle of the write load, has it started again, and asks
 * for every sample that was acknowledged.
 */
public final class CrashBench {
  private static final int SERIES = 10_000;

  /** So that nothing is sealed before the crash: all of it has to come back from the log. */
  private static final Duration SEAL_AGE = Duration.ofMinutes(30);

  private static final Duration READY_WITHIN = Duration.ofMinutes(2);

  private final BenchSuite suites;
  private final Layout layout;
  private final Clock clock;
  private final Consumer<String> progress;

  /** A bench on suites of {@code suites}, with scratch files in {@code layout}. */
  public CrashBench(BenchSuite suites, Layout layout, Clock clock, Consumer<String> progress) {
    this.suites = suites;
    this.layout = layout;
    this.clock = clock;
    this.progress = progress;
  }

  /**
   * What was seen.
   *
   * @param acknowledged samples that were acknowledged before the crash
   * @param found of them, how many a query found afterwards
   * @param toReady from the crash until it was ready again, its start included
   */
  public record Result(long acknowledged, long found, Duration toReady) {}

  /** Kills it once {@code samples} samples are acknowledged. */
  public Result run(long samples) throws IOException, InterruptedException {
    var folder = layout.data().resolve("bench-load");
    try (var target = WatchtowerTarget.start(suites, SEAL_AGE)) {
      var ingest = new IngestBench(suites, layout, clock, progress, IngestBench.CONNECTIONS);
      // A fifth more than is needed, so that requests are under way when it is killed.
      var files = ingest.makeLoad(folder, SERIES, samples + samples / 5);
      var load = new WriteLoad(files);
      long killed;
      try (var threads = Executors.newSingleThreadExecutor()) {
        var sending =
            threads.submit(
                () -> load.run(target.port(), target.path(), target::token, 0, () -> {}));
        while ((long) load.acknowledged() * IngestBench.BATCH < samples && !sending.isDone()) {
          WatchtowerTarget.pause(Duration.ofMillis(5));
        }
        kill(target.ingestPid());
        killed = System.nanoTime();
        try {
          sending.get();
          throw new Refusal("The load was over before the crash: ask for more samples.");
        } catch (ExecutionException e) {
          progress.accept("  killed after " + load.acknowledged() + " requests");
        }
      }
      awaitReady(target);
      var toReady = Duration.ofNanos(System.nanoTime() - killed);
      return new Result(
          (long) load.acknowledged() * IngestBench.BATCH, found(target, load, files), toReady);
    } finally {
      Trees.delete(folder);
    }
  }

  private static void kill(long pid) {
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
  }

  private static void awaitReady(WatchtowerTarget target) throws InterruptedException {
    long until = System.nanoTime() + READY_WITHIN.toNanos();
    while (!target.isReady()) {
      if (System.nanoTime() > until) {
        throw new Refusal("ingest-service is not ready again within " + READY_WITHIN + ".");
      }
      WatchtowerTarget.pause(Duration.ofMillis(50));
    }
  }

  /**
   * Counts what is there of what was acknowledged, series by series, in queries that each stay
   * within the service's limits.
   */
  private static long found(WatchtowerTarget target, WriteLoad load, List<LoadFile> files)
      throws IOException {
    int own = SERIES / files.size();
    long found = 0;
    for (int i = 0; i < files.size(); i++) {
      long acknowledged = (long) load.acknowledged(i) * IngestBench.BATCH;
      // The round that was under way, and the one after which its last samples may stand.
      long rounds = acknowledged / own + 2;
      long end = files.get(i).firstMillis() + rounds * SeriesLoad.INTERVAL;
      for (var metric : SeriesLoad.metrics()) {
        var count =
            "count_over_time({__name__=\"%s\",%s=\"zone-%d\"}[%ds])"
                .formatted(
                    metric, SeriesLoad.CONNECTION, i, (rounds + 1) * SeriesLoad.INTERVAL / 1000);
        for (var series : target.vector(count, end)) {
          int number = SeriesLoad.number(metric, series.metric());
          long due = acknowledged / own + (number < acknowledged % own ? 1 : 0);
          found += Math.min(due, (long) series.number());
        }
      }
    }
    return found;
  }
}
