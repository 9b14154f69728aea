package dev.watchtower.launcher.bench.http;

import dev.watchtower.launcher.files.Trees;
import dev.watchtower.launcher.lifecycle.Phase;
import dev.watchtower.launcher.suite.Layout;
import dev.watchtower.launcher.suite.Refusal;
import dev.watchtower.launcher.supervisor.Memory;
import dev.watchtower.launcher.supervisor.ProcessSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures how long {@code up} takes until all is healthy, built and with what class caches there
 * are, and the memory of each process a while after. The first run has to make its database; the
 * others find it. Where class caches are missing, they are made after the first run.
 */
public final class StartBench {
  private static final Duration SETTLED = Duration.ofSeconds(15);
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final BenchSuite suites;
  private final Layout layout;
  private final Consumer<String> progress;

  /** A bench on suites of {@code suites}. */
  public StartBench(BenchSuite suites, Layout layout, Consumer<String> progress) {
    this.suites = suites;
    this.layout = layout;
    this.progress = progress;
  }

  /**
   * One start.
   *
   * @param cached whether every service had its class cache
   * @param toHealthy from nothing until all were healthy
   * @param processes name → what was measured
   */
  public record Run(boolean cached, Duration toHealthy, Map<String, Measured> processes) {}

  /**
   * One process.
   *
   * @param healthyAfter since the start of the whole
   * @param residentBytes after {@link #SETTLED}
   */
  public record Measured(Duration healthyAfter, long residentBytes) {}

  /** Starts everything {@code runs} times. */
  public List<Run> run(int runs) throws IOException, InterruptedException {
    var folder = layout.data().resolve("bench");
    Trees.delete(folder);
    var own = new Layout(layout.root(), folder, layout.catalog(), layout.programs());
    var all = new ArrayList<Run>();
    for (int i = 0; i < runs; i++) {
      boolean last = i == runs - 1;
      all.add(once(own, !last));
      progress.accept(
          "  run %d: %.1f s%s"
              .formatted(
                  i + 1,
                  all.getLast().toHealthy().toMillis() / 1000.0,
                  all.getLast().cached() ? "" : " (without class caches)"));
    }
    return all;
  }

  private Run once(Layout own, boolean makeCaches) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    try (var suite =
        suites.prepared(own, List.of(), Map.of("DISCORD_WEBHOOK_URL", "", "OPENAI_API_KEY", ""))) {
      var supervisor = suite.running().supervisor();
      var healthy = new LinkedHashMap<String, Duration>();
      var starter =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                try {
                  suite.running().bringUp(progress);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      int known = supervisor.processes().size();
      while (healthy.size() < known) {
        int before = healthy.size();
        if (!supervisor.await(
            processes -> count(processes) > before || suite.running().status().settled(), LIMIT)) {
          break;
        }
        for (var process : supervisor.processes()) {
          if (process.phase() == Phase.HEALTHY) {
            healthy.putIfAbsent(process.name(), since(begin));
          }
        }
        if (suite.running().status().phase().equals("FAILED")) {
          throw new Refusal(suite.running().status().detail());
        }
      }
      var toHealthy = since(begin);
      starter.join(LIMIT);
      // Nothing is waited for but time: memory settles when the first requests have been served.
      var unused = supervisor.await(processes -> false, SETTLED);
      var measured = new LinkedHashMap<String, Measured>();
      for (var process : supervisor.processes()) {
        measured.put(
            process.name(),
            new Measured(
                healthy.getOrDefault(process.name(), Duration.ZERO), residentBytes(process)));
      }
      boolean cached = suites.isCached(suite.plan());
      if (makeCaches && !cached) {
        suites.train(suite);
      }
      return new Run(cached, toHealthy, measured);
    }
  }

  private static long count(List<ProcessSnapshot> processes) {
    return processes.stream().filter(p -> p.phase() == Phase.HEALTHY).count();
  }

  private static long residentBytes(ProcessSnapshot process) {
    return process.pid() == null
        ? 0
        : ProcessHandle.of(process.pid()).map(Memory::residentBytes).orElse(0L);
  }

  private static Duration since(long begin) {
    return Duration.ofNanos(System.nanoTime() - begin);
  }
}
